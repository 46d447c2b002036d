with

product_lines as (select * from {{ ref('int_product_lines') }}),

refund_lines as (select * from {{ ref('int_refund_lines') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

daily_line_returns as (
    select
        product_lines.order_item_id,
        product_lines.product_id,
        product_lines.quantity,
        sum(refund_lines.returned_quantity) as returned_quantity,
        refunds_valued.refund_date
    from product_lines
    inner join refund_lines on refund_lines.order_item_id = product_lines.order_item_id
    inner join refunds_valued on refunds_valued.refund_id = refund_lines.refund_id
    group by
        product_lines.order_item_id, product_lines.product_id, product_lines.quantity, refunds_valued.refund_date
),

accumulated_returns as (
    select
        product_id,
        quantity,
        returned_quantity,
        sum(returned_quantity) over (
            partition by order_item_id order by refund_date rows between unbounded preceding and current row
        ) as returned_so_far,
        refund_date
    from daily_line_returns
),

-- Of a line no more units come back than were sold.
dated_returns as (
    select
        product_id,
        least(returned_so_far, quantity) - least(returned_so_far - returned_quantity, quantity) as returned_units,
        refund_date
    from accumulated_returns
    union all
    select
        product_id,
        coalesce(quantity, 0) as returned_units,
        refund_date
    from refunds_valued
    where
        is_credit_note
        and is_return
        and not is_exchange
        and product_id is not null
)

select
    product_id,
    cast(sum(returned_units) as decimal(18, 3)) as returned_units,
    refund_date
from dated_returns
group by product_id, refund_date
