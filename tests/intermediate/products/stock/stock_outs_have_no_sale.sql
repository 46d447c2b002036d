-- A day with a sale is not out of stock, and no day is counted twice; otherwise lost sales would be too high.
with

stock_outs as (select * from {{ ref('int_stock_outs') }}),

product_lines as (select * from {{ ref('int_product_lines') }}),

ordered_stock_outs as (
    select
        product_id,
        from_date,
        until_date,
        lead(from_date) over (partition by product_id order by from_date) as next_from_date
    from stock_outs
)

select
    product_id,
    from_date,
    'overlaps the next stock-out' as what_is_wrong
from ordered_stock_outs
where until_date > next_from_date
union all
select
    stock_outs.product_id,
    product_lines.order_date as from_date,
    'sale while out of stock' as what_is_wrong
from stock_outs
inner join product_lines
    on product_lines.product_id = stock_outs.product_id
    and product_lines.order_date >= stock_outs.from_date
    and product_lines.order_date < stock_outs.until_date
where product_lines.is_sale
