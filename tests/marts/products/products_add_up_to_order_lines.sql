-- Products add up to the order lines and credit notes that name a product; otherwise revenue is lost or counted twice.
with

product_performance as (select * from {{ ref('product_performance') }}),

order_items as (select * from {{ ref('order_items') }}),

refunds as (select * from {{ ref('refunds') }}),

line_totals as (
    select
        coalesce(sum(quantity), 0) as units,
        coalesce(sum(net_revenue), 0) as net_revenue,
        coalesce(sum(net_revenue_after_refunds), 0) as net_revenue_after_refunds,
        coalesce(sum(gross_margin), 0) as gross_margin,
        count(*) as order_lines
    from order_items
    where is_valid and is_sold_goods and product_id is not null
),

note_totals as (
    select coalesce(sum(goods_amount), 0) as credit_note_amount
    from refunds
    where is_credit_note and product_id is not null
),

performance_totals as (
    select
        coalesce(sum(units), 0) as units,
        coalesce(sum(net_revenue), 0) as net_revenue,
        coalesce(sum(net_revenue_after_refunds), 0) as net_revenue_after_refunds,
        coalesce(sum(covered_gross_margin), 0) as gross_margin,
        coalesce(sum(credit_note_amount), 0) as credit_note_amount
    from product_performance
)

select
    line_totals.units as line_units,
    performance_totals.units as product_units,
    line_totals.net_revenue as line_net_revenue,
    performance_totals.net_revenue as product_net_revenue,
    line_totals.gross_margin as line_gross_margin,
    performance_totals.gross_margin as product_gross_margin,
    note_totals.credit_note_amount,
    performance_totals.credit_note_amount as product_credit_note_amount
from line_totals
cross join note_totals
cross join performance_totals
where
    line_totals.units <> performance_totals.units
    or line_totals.net_revenue <> performance_totals.net_revenue
    or line_totals.net_revenue_after_refunds <> performance_totals.net_revenue_after_refunds
    or line_totals.gross_margin <> performance_totals.gross_margin
    -- Without order lines products have no amounts.
    or (line_totals.order_lines > 0 and note_totals.credit_note_amount <> performance_totals.credit_note_amount)
