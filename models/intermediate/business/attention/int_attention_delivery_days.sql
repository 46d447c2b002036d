with

order_deliveries as (select * from {{ ref('int_order_deliveries') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

attention_kinds as (select * from {{ ref('attention_kinds') }})

-- Orders whose promise is not over yet are neither late nor on time.
select
    attention_rules.rule,
    'all' as subject,
    attention_kinds.label,
    attention_kinds.label_zh,
    'rate' as unit,
    cast(count(case when not order_deliveries.is_on_time then 1 end) as decimal(18, 2)) as numerator,
    cast(count(*) as decimal(18, 2)) as denominator,
    {{ money('sum(orders_valued.net_revenue)') }} as revenue,
    true as is_ratio,
    false as is_higher_better,
    orders_valued.order_date as date
from order_deliveries
inner join orders_valued on orders_valued.order_id = order_deliveries.order_id
inner join attention_rules on attention_rules.kind = 'late_deliveries'
inner join attention_kinds on attention_kinds.kind = attention_rules.kind
where
    order_deliveries.is_on_time is not null
    and orders_valued.is_valid
group by attention_rules.rule, attention_kinds.label, attention_kinds.label_zh, orders_valued.order_date
