-- Does a bad review cost the next order? Of the customers with a review, how many ordered again within 90 days and how
-- much they spent, by the stars of their first review (4 and 5: satisfied, 1 and 2: dissatisfied). Differences are
-- against the satisfied customers; if the interval of a difference contains 0, it may be chance. First-time and repeat
-- buyers are separate, because repeat buyers write better reviews.
with

feedback as (select * from {{ ref('int_feedback') }}),

orders_after_review as (
    select * from {{ ref('orders') }} where is_valid
),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- Use the first review, because only customers who came back write a second one. Of one day, use the worst review.
ranked_reviews as (
    select
        customer_id,
        satisfaction_band,
        answered_date,
        row_number() over (
            partition by customer_id
            order by answered_date, day_priority, satisfaction_band
        ) as review_rank
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
    cross join stg_run_period
    where
        ranked_reviews.review_rank = 1
        and {{ days_between('ranked_reviews.answered_date', 'stg_run_period.as_of_date') }} >= 90
),

reviewer_orders as (
    select
        first_reviews.customer_id,
        first_reviews.satisfaction_band,
        count(orders_after_review.order_id) filter (
            where orders_after_review.order_date <= first_reviews.review_date
        ) as orders_before,
        count(orders_after_review.order_id) filter (
            where {{ days_between('first_reviews.review_date', 'orders_after_review.order_date') }} between 1 and 90
        ) as orders_after,
        coalesce(sum(orders_after_review.net_revenue) filter (
            where {{ days_between('first_reviews.review_date', 'orders_after_review.order_date') }} between 1 and 90
        ), 0) as net_revenue_after
    from first_reviews
    left join orders_after_review on orders_after_review.customer_id = first_reviews.customer_id
    group by first_reviews.customer_id, first_reviews.satisfaction_band
),

reviewer_counts as (
    select
        case when orders_before > 1 then 'repeat buyers' else 'first-time buyers' end as reviewers,
        satisfaction_band,
        count(*) as customers,
        count(*) filter (where orders_after > 0) as repurchased_customers,
        sum(net_revenue_after) as net_revenue_after
    from reviewer_orders
    group by case when orders_before > 1 then 'repeat buyers' else 'first-time buyers' end, satisfaction_band
),

reviewer_rates as (
    select
        reviewers,
        satisfaction_band,
        customers,
        repurchased_customers,
        {{ rounded_ratio('repurchased_customers', 'customers') }} as repurchase_rate,
        {{ wilson_low('repurchased_customers', 'customers') }} as repurchase_rate_low,
        {{ wilson_high('repurchased_customers', 'customers') }} as repurchase_rate_high,
        {{ mean_amount('net_revenue_after', 'customers') }} as revenue_per_customer
    from reviewer_counts
)

select
    reviewer_rates.reviewers,
    reviewer_rates.satisfaction_band,
    reviewer_rates.customers,
    reviewer_rates.repurchased_customers,
    reviewer_rates.repurchase_rate,
    reviewer_rates.revenue_per_customer,
    satisfied.revenue_per_customer - reviewer_rates.revenue_per_customer as revenue_lost_per_customer,
    {%- set ends = [] %}
    {%- for side in ['reviewer_rates', 'satisfied'] %}{% for suffix in ['', '_low', '_high'] %}
    {%- do ends.append(side ~ '.repurchase_rate' ~ suffix) %}{% endfor %}{% endfor %}
    {{ rounded_ratio(
        '(reviewer_rates.repurchased_customers * satisfied.customers'
        ~ ' - satisfied.repurchased_customers * reviewer_rates.customers)',
        '(reviewer_rates.customers * satisfied.customers)'
    ) }} as repurchase_difference,
    {{ newcombe_low(*ends) }} as difference_low,
    {{ newcombe_high(*ends) }} as difference_high
from reviewer_rates
left join reviewer_rates as satisfied
    on satisfied.reviewers = reviewer_rates.reviewers
    and satisfied.satisfaction_band = 'satisfied'
    and satisfied.satisfaction_band <> reviewer_rates.satisfaction_band
order by reviewer_rates.reviewers, reviewer_rates.satisfaction_band
