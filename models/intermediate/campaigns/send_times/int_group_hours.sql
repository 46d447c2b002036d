with

customer_hours as (select * from {{ ref('int_customer_hours') }}),

int_customers as (select * from {{ ref('int_customers') }}),

customer_ages as (select * from {{ ref('int_customer_ages') }}),

active_hours as (
    select
        coalesce(int_customers.gender, 'unknown') as gender,
        coalesce(customer_ages.age_band, 'unknown') as age_band,
        customer_hours.local_hour,
        cast(sum(customer_hours.sessions) as bigint) as sessions,
        cast(sum(customer_hours.orders) as bigint) as orders,
        cast(sum(customer_hours.delivered) as bigint) as delivered,
        cast(sum(customer_hours.opened) as bigint) as opened
    from customer_hours
    left join int_customers on int_customers.customer_id = customer_hours.customer_id
    left join customer_ages on customer_ages.customer_id = customer_hours.customer_id
    group by
        coalesce(int_customers.gender, 'unknown'),
        coalesce(customer_ages.age_band, 'unknown'),
        customer_hours.local_hour
),

hours_of_a_day as (
    {%- for hour in range(24) %}
    select {{ hour }} as local_hour {{- " union all" if not loop.last }}
    {%- endfor %}
),

demographic_groups as (
    select distinct gender, age_band from active_hours
)

select
    demographic_groups.gender,
    demographic_groups.age_band,
    cast(hours_of_a_day.local_hour as bigint) as local_hour,
    coalesce(active_hours.sessions, 0) as sessions,
    coalesce(active_hours.orders, 0) as orders,
    coalesce(active_hours.delivered, 0) as delivered,
    coalesce(active_hours.opened, 0) as opened
from demographic_groups
cross join hours_of_a_day
left join active_hours
    on active_hours.gender = demographic_groups.gender
    and active_hours.age_band = demographic_groups.age_band
    and active_hours.local_hour = hours_of_a_day.local_hour
