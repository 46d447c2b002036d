with

product_lines as (select * from {{ ref('int_product_lines') }}),

order_lines_returned as (select * from {{ ref('int_order_lines_returned') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

accumulated_returns as (
    select
        product_lines.product_id,
        product_lines.quantity,
        order_lines_returned.returned_quantity as returned_so_far,
        lag(order_lines_returned.returned_quantity, 1, 0) over (
            partition by order_lines_returned.order_item_id order by order_lines_returned.refund_date
        ) as returned_before,
        order_lines_returned.refund_date
    from product_lines
    inner join order_lines_returned on order_lines_returned.order_item_id = product_lines.order_item_id
),

-- Of a line no more units come back than were sold.
dated_returns as (
    select
        product_id,
        least(returned_so_far, quantity) - least(returned_before, quantity) as returned_units,
        refund_date
    from accumulated_returns
    union all
    select
        product_id,
        coalesce(quantity, 0) as returned_units,
        refund_date
    from refunds_valued
    where is_credit_note and is_goods_return and product_id is not null
)

select
    product_id,
    cast(sum(returned_units) as decimal(18, 3)) as returned_units,
    refund_date
from dated_returns
group by product_id, refund_date
