-- Does a bad review cost the next order? Of customers who wrote a review of one to five stars: how many ordered again
-- within 90 days of it, and what they spent, by the stars of their first review (satisfied: 4 and 5, dissatisfied: 1
-- and 2). The difference is from the satisfied; one whose interval holds 0 can't be told from chance. First-time and
-- repeat buyers are apart, since good customers write other reviews than strangers do.
with

feedback as (
    select * from {{ ref('int_feedback') }}
),

valid_orders as (
    select * from {{ ref('orders') }} where is_valid
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

-- The first review, since a second one is only written by those who came back; of one day the worst.
ranked_reviews as (
    select
        customer_id,
        satisfaction_band,
        answered_date,
        row_number() over (
            partition by customer_id
            order by answered_date, day_priority, satisfaction_band
        ) as review_place
    from feedback
    where
        source = 'review'
        and customer_id <> 'unknown'
),

first_reviews as (
    select
        ranked_reviews.customer_id,
        ranked_reviews.satisfaction_band,
        ranked_reviews.answered_date as review_date
    from ranked_reviews
    cross join run_period
    where
        ranked_reviews.review_place = 1
        and {{ days_between('ranked_reviews.answered_date', 'run_period.as_of_date') }} >= 90
),

reviewer_orders as (
    select
        first_reviews.customer_id,
        first_reviews.satisfaction_band,
        count(valid_orders.order_id) filter (
            where valid_orders.order_date <= first_reviews.review_date
        ) as orders_before,
        count(valid_orders.order_id) filter (
            where {{ days_between('first_reviews.review_date', 'valid_orders.order_date') }} between 1 and 90
        ) as orders_after,
        coalesce(sum(valid_orders.net_revenue) filter (
            where {{ days_between('first_reviews.review_date', 'valid_orders.order_date') }} between 1 and 90
        ), 0) as net_revenue_after
    from first_reviews
    left join valid_orders on valid_orders.customer_id = first_reviews.customer_id
    group by first_reviews.customer_id, first_reviews.satisfaction_band
),

counts as (
    select
        case when orders_before > 1 then 'repeat buyers' else 'first-time buyers' end as reviewers,
        satisfaction_band,
        count(*) as customers,
        count(*) filter (where orders_after > 0) as repurchased_customers,
        sum(net_revenue_after) as net_revenue_after
    from reviewer_orders
    group by case when orders_before > 1 then 'repeat buyers' else 'first-time buyers' end, satisfaction_band
),

rates as (
    select
        reviewers,
        satisfaction_band,
        customers,
        repurchased_customers,
        {{ rounded_ratio('repurchased_customers', 'customers') }} as repurchase_rate,
        {{ wilson_low('repurchased_customers', 'customers') }} as repurchase_rate_low,
        {{ wilson_high('repurchased_customers', 'customers') }} as repurchase_rate_high,
        {{ mean_amount('net_revenue_after', 'customers') }} as revenue_per_customer
    from counts
)

select
    rates.reviewers,
    rates.satisfaction_band,
    rates.customers,
    rates.repurchased_customers,
    rates.repurchase_rate,
    rates.revenue_per_customer,
    satisfied.revenue_per_customer - rates.revenue_per_customer as revenue_lost_per_customer,
    {%- set ends = [] %}
    {%- for side in ['rates', 'satisfied'] %}{% for suffix in ['', '_low', '_high'] %}
    {%- do ends.append(side ~ '.repurchase_rate' ~ suffix) %}{% endfor %}{% endfor %}
    {{ rounded_ratio(
        '(rates.repurchased_customers * satisfied.customers - satisfied.repurchased_customers * rates.customers)',
        '(rates.customers * satisfied.customers)'
    ) }} as repurchase_difference,
    {{ newcombe_low(*ends) }} as difference_low,
    {{ newcombe_high(*ends) }} as difference_high
from rates
left join rates as satisfied
    on satisfied.reviewers = rates.reviewers
    and satisfied.satisfaction_band = 'satisfied'
    and satisfied.satisfaction_band <> rates.satisfaction_band
order by rates.reviewers, rates.satisfaction_band
