{%- set following_days = 90 -%}
with

first_opinions as (select * from {{ ref('int_first_opinions') }}),

valid_orders as (
    select * from {{ ref('int_orders_valued') }} where is_valid
),

churn_definition as (select * from {{ ref('churn_definition') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

order_distances as (
    select
        first_opinions.customer_id,
        first_opinions.rfm_segment,
        valid_orders.net_revenue,
        {{ days_between('first_opinions.opinion_date', 'valid_orders.order_date') }} as days_after
    from first_opinions
    inner join valid_orders on valid_orders.customer_id = first_opinions.customer_id
),

orders_around as (
    select
        order_distances.customer_id,
        order_distances.rfm_segment,
        count(*) filter (
            where order_distances.days_after between 1 and {{ following_days }}
        ) as orders_after,
        sum(order_distances.net_revenue) filter (
            where order_distances.days_after between 1 and {{ following_days }}
        ) as net_revenue_after,
        count(*) filter (
            where order_distances.days_after between 1 - churn_definition.active_days and 0
        ) as orders_before,
        count(*) filter (
            where order_distances.days_after between 1 and churn_definition.churn_days
        ) as orders_against_churn
    from order_distances
    cross join churn_definition
    group by order_distances.customer_id, order_distances.rfm_segment
),

opinion_ages as (
    select
        first_opinions.customer_id,
        first_opinions.rfm_segment,
        first_opinions.satisfaction_band,
        {{ days_between('first_opinions.opinion_date', 'stg_run_period.as_of_date') }} as age_days,
        first_opinions.opinion_date
    from first_opinions
    cross join stg_run_period
)

-- Outcomes are null while the days after the opinion are not over, and without orders landed. is_churned is also null
-- for customers who were not active.
select
    opinion_ages.customer_id,
    opinion_ages.rfm_segment,
    opinion_ages.satisfaction_band,
    case
        when opinion_ages.age_days >= {{ following_days }} and inputs_present.has_orders
            then {{ money('coalesce(orders_around.net_revenue_after, 0)') }}
    end as net_revenue_after,
    case
        when opinion_ages.age_days >= {{ following_days }} and inputs_present.has_orders
            then coalesce(orders_around.orders_after, 0) > 0
    end as has_repurchased,
    case
        when opinion_ages.age_days >= churn_definition.churn_days and orders_around.orders_before > 0
            then orders_around.orders_against_churn = 0
    end as is_churned,
    opinion_ages.opinion_date
from opinion_ages
cross join churn_definition
cross join inputs_present
left join orders_around
    on orders_around.customer_id = opinion_ages.customer_id
    and orders_around.rfm_segment = opinion_ages.rfm_segment
