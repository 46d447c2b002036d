-- Which customers changed tier in the last complete month: from which tier to which, and how much revenue of the last
-- year do they have?
with

customer_rfm_history as (select * from {{ ref('customer_rfm_history') }}),

last_two_months as (
    select
        max(month_end_date) as month_end_date,
        cast({{ dbt.dateadd('day', -1, month_of('max(month_end_date)')) }} as date) as previous_month_end_date
    from customer_rfm_history
),

now_customers as (
    select
        customer_rfm_history.customer_id,
        customer_rfm_history.customer_tier,
        customer_rfm_history.monetary
    from customer_rfm_history
    inner join last_two_months on last_two_months.month_end_date = customer_rfm_history.month_end_date
),

previous_customers as (
    select
        customer_rfm_history.customer_id,
        customer_rfm_history.customer_tier,
        customer_rfm_history.monetary
    from customer_rfm_history
    inner join last_two_months on last_two_months.previous_month_end_date = customer_rfm_history.month_end_date
)

-- `none` means no order in the window: before, a new or returning customer; after, a customer whose orders are all
-- older than a year.
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
