with

customer_revenue_entries as (select * from {{ ref('int_customer_revenue_entries') }}),

rfm_dates as (select * from {{ ref('int_rfm_dates') }}),

-- All dates are computed in one pass. Each date includes the revenue entries of its window that were known by then.
measured as (
    select
        customer_revenue_entries.customer_id,
        rfm_dates.rfm_date,
        count(*) filter (where customer_revenue_entries.entry_type = 'order') as frequency,
        {{ money("sum(customer_revenue_entries.amount)") }} as monetary,
        {{ money(
            "sum(case when customer_revenue_entries.entry_type = 'order' then customer_revenue_entries.amount end)"
        ) }} as net_revenue,
        max(customer_revenue_entries.entry_date) filter (
            where customer_revenue_entries.entry_type = 'order'
        ) as last_order_date
    from customer_revenue_entries
    inner join rfm_dates
        on rfm_dates.rfm_date >= customer_revenue_entries.entry_date
        and rfm_dates.window_start_date <= customer_revenue_entries.entry_date
        and rfm_dates.rfm_date >= customer_revenue_entries.known_date
    where customer_revenue_entries.is_known_customer
    group by customer_revenue_entries.customer_id, rfm_dates.rfm_date
)

select
    customer_id,
    {{ days_between('last_order_date', 'rfm_date') }} as recency_days,
    frequency,
    monetary,
    net_revenue,
    rfm_date
from measured
where frequency > 0
