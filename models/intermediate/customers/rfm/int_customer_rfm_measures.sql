with

customer_entries as (
    select * from {{ ref('int_customer_revenue_entries') }} where customer_id <> 'unknown'
),

rfm_dates as (
    select * from {{ ref('int_rfm_dates') }}
),

-- Every date sees the entries of its own window that were known by then: one pass for all dates.
measured as (
    select
        customer_entries.customer_id,
        rfm_dates.rfm_date,
        count(*) filter (where customer_entries.entry_type = 'order') as frequency,
        {{ money("sum(customer_entries.amount)") }} as monetary,
        {{ money("sum(customer_entries.amount) filter (where customer_entries.entry_type = 'order')") }} as net_revenue,
        max(customer_entries.entry_date) filter (where customer_entries.entry_type = 'order') as last_order_date
    from customer_entries
    inner join rfm_dates
        on rfm_dates.rfm_date >= customer_entries.entry_date
        and rfm_dates.window_start_date <= customer_entries.entry_date
        and rfm_dates.rfm_date >= customer_entries.known_date
    group by customer_entries.customer_id, rfm_dates.rfm_date
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
