-- Revenue of a product that is in no product's row, or in two, would send the buyers after the wrong goods.
with

product_performance as (
    select * from {{ ref('product_performance') }}
),

order_items as (
    select * from {{ ref('order_items') }}
),

refunds as (
    select * from {{ ref('refunds') }}
),

of_lines as (
    select
        coalesce(sum(quantity), 0) as units,
        coalesce(sum(net_revenue), 0) as net_revenue,
        coalesce(sum(net_revenue_after_refunds), 0) as net_revenue_after_refunds,
        coalesce(sum(gross_margin), 0) as gross_margin,
        count(*) as order_lines
    from order_items
    where is_valid and product_id is not null
),

of_notes as (
    select coalesce(sum(goods_amount), 0) as credit_note_amount
    from refunds
    where is_credit_note and product_id is not null
),

of_products as (
    select
        coalesce(sum(units), 0) as units,
        coalesce(sum(net_revenue), 0) as net_revenue,
        coalesce(sum(net_revenue_after_refunds), 0) as net_revenue_after_refunds,
        coalesce(sum(covered_gross_margin), 0) as gross_margin,
        coalesce(sum(credit_note_amount), 0) as credit_note_amount
    from product_performance
)

select
    of_lines.units as line_units,
    of_products.units as product_units,
    of_lines.net_revenue as line_net_revenue,
    of_products.net_revenue as product_net_revenue,
    of_lines.gross_margin as line_gross_margin,
    of_products.gross_margin as product_gross_margin,
    of_notes.credit_note_amount,
    of_products.credit_note_amount as product_credit_note_amount
from of_lines
cross join of_notes
cross join of_products
where
    of_lines.units <> of_products.units
    or of_lines.net_revenue <> of_products.net_revenue
    or of_lines.net_revenue_after_refunds <> of_products.net_revenue_after_refunds
    or of_lines.gross_margin <> of_products.gross_margin
    -- Where no lines are landed, products have no amounts.
    or (of_lines.order_lines > 0 and of_notes.credit_note_amount <> of_products.credit_note_amount)
