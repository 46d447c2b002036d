with

active_counts as (
    select * from {{ ref('int_active_counts') }}
),

active_days as (
    select * from {{ ref('int_active_days') }}
),

people_events_daily as (
    select * from {{ ref('int_people_events_daily') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
),

new_people as (
    select
        active_date,
        count(*) filter (where population = 'visitors') as new_visitors,
        count(*) filter (where population = 'customers') as new_customers
    from active_days
    where previous_active_date is null
    group by active_date
),

-- What the shop does not land is null, what did not happen is 0.
days as (
    select
        visitors.date,
        {%- for window in ['daily', 'weekly', 'monthly'] %}
        {{ zero_if_landed(
            'visitors.' ~ window ~ '_active', 'inputs_present.has_traffic'
        ) }} as {{ window }}_active,
        customers.{{ window }}_active as {{ window }}_active_customers,
        {%- endfor %}
        {{ zero_if_landed(
            'new_people.new_visitors', 'inputs_present.has_traffic'
        ) }} as new_visitors,
        coalesce(new_people.new_customers, 0) as new_customers,
        {%- for events in ['logins', 'wishlists', 'follows', 'shares'] %}
        {{ zero_if_landed(
            'people_events_daily.' ~ events, 'inputs_present.has_events'
        ) }} as {{ events }}{{ "," if not loop.last }}
        {%- endfor %}
    from active_counts as visitors
    inner join active_counts as customers
        on customers.date = visitors.date
        and customers.population = 'customers'
    cross join inputs_present
    left join new_people on new_people.active_date = visitors.date
    left join people_events_daily on people_events_daily.date = visitors.date
    where visitors.population = 'visitors'
)

select
    date,
    daily_active,
    weekly_active,
    monthly_active,
    {{ rounded_ratio('daily_active', 'monthly_active') }} as stickiness,
    new_visitors,
    daily_active - new_visitors as returning_visitors,
    daily_active_customers,
    weekly_active_customers,
    monthly_active_customers,
    {{ rounded_ratio('daily_active_customers', 'monthly_active_customers') }} as customer_stickiness,
    new_customers,
    daily_active_customers - new_customers as returning_customers,
    logins,
    wishlists,
    follows,
    shares
from days
