-- Which tier moved in the last month that is over: who came from where, and how much revenue of the year moved with
-- them?
with

rfm_history as (
    select * from {{ ref('customer_rfm_history') }}
),

last_months as (
    select
        max(month_end_date) as month_end_date,
        cast({{ dbt.dateadd('day', -1, month_of('max(month_end_date)')) }} as date) as previous_month_end_date
    from rfm_history
),

now_customers as (
    select
        rfm_history.customer_id,
        rfm_history.customer_tier,
        rfm_history.monetary
    from rfm_history
    inner join last_months on last_months.month_end_date = rfm_history.month_end_date
),

previous_customers as (
    select
        rfm_history.customer_id,
        rfm_history.customer_tier,
        rfm_history.monetary
    from rfm_history
    inner join last_months on last_months.previous_month_end_date = rfm_history.month_end_date
)

-- `none` is outside the window: before, somebody new or back; after, somebody whose orders are all older than a year.
select
    coalesce(previous_customers.customer_tier, 'none') as from_tier,
    coalesce(now_customers.customer_tier, 'none') as to_tier,
    count(*) as customers,
    {{ money('coalesce(sum(previous_customers.monetary), 0)') }} as year_revenue_before,
    {{ money('coalesce(sum(now_customers.monetary), 0)') }} as year_revenue_after
from now_customers
full outer join previous_customers on previous_customers.customer_id = now_customers.customer_id
where now_customers.customer_tier is distinct from previous_customers.customer_tier
group by coalesce(previous_customers.customer_tier, 'none'), coalesce(now_customers.customer_tier, 'none')
order by customers desc, from_tier, to_tier
