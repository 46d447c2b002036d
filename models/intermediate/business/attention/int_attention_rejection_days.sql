with

stg_orders as (select * from {{ ref('stg_orders') }}),

quarantined_rows as (select * from {{ ref('quarantined_rows') }}),

kpi_facts_daily as (select * from {{ ref('int_kpi_facts_daily') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

attention_kinds as (select * from {{ ref('attention_kinds') }}),

-- Orders dated after the as-of date are not rejected; they count once the as-of date reaches them. Orders that the shop
-- deleted are no fault of the rows.
landed_orders as (
    select {{ local_date('ordered_at') }} as date, 0 as is_rejected from stg_orders
    union all
    select {{ local_date('event_at') }} as date, 1 as is_rejected
    from quarantined_rows
    where
        table_name = 'orders'
        and event_at is not null
        and rejection_reason not like '%after_as_of'
        and rejection_reason <> 'deleted_at_source'
),

order_days as (
    select
        date,
        sum(is_rejected) as rejected_orders,
        count(*) as orders
    from landed_orders
    group by date
)

-- Only days of the shop's calendar: a wrong clock can date an order to any day.
select
    attention_rules.rule,
    'orders' as subject,
    attention_kinds.label,
    attention_kinds.label_zh,
    'rate' as unit,
    cast(order_days.rejected_orders as decimal(18, 2)) as numerator,
    cast(order_days.orders as decimal(18, 2)) as denominator,
    coalesce(kpi_facts_daily.net_revenue, 0) as revenue,
    true as is_ratio,
    false as is_higher_better,
    order_days.date
from order_days
inner join kpi_facts_daily on kpi_facts_daily.date = order_days.date
inner join attention_rules on attention_rules.kind = 'rejected_orders'
inner join attention_kinds on attention_kinds.kind = attention_rules.kind
