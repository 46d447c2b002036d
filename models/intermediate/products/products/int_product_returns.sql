with

product_lines as (select * from {{ ref('int_product_lines') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

returned_items as (
    select product_id, returned_quantity, cast(0 as decimal(18, 2)) as credit_note_amount
    from product_lines
    union all
    select
        product_id,
        case when is_goods_return then coalesce(quantity, 0) else 0 end as returned_quantity,
        goods_amount as credit_note_amount
    from refunds_valued
    where is_credit_note
)

select
    product_id,
    cast(sum(returned_quantity) as decimal(18, 3)) as returned_units,
    {{ money('sum(credit_note_amount)') }} as credit_note_amount
from returned_items
where product_id is not null
group by product_id
