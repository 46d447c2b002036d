with

counted_refunds as (
    select * from {{ ref('int_refunds_valued') }} where is_counted
),

refund_targets as (select * from {{ ref('int_refund_targets') }}),

order_lines_discounted as (select * from {{ ref('int_order_lines_discounted') }}),

stg_products as (select * from {{ ref('stg_products') }}),

targeted_categories as (
    select
        refund_targets.refund_id,
        coalesce(stg_products.category, 'unknown') as category,
        sum(order_lines_discounted.line_value) as line_value,
        count(*) as order_lines
    from refund_targets
    inner join order_lines_discounted on order_lines_discounted.order_item_id = refund_targets.order_item_id
    left join stg_products on stg_products.product_id = order_lines_discounted.product_id
    group by refund_targets.refund_id, coalesce(stg_products.category, 'unknown')
),

-- A refund without a line belongs to the product that it names: credit notes, and orders without landed lines.
categorised_refunds as (
    select
        counted_refunds.refund_id,
        counted_refunds.goods_amount,
        coalesce(targeted_categories.category, stg_products.category, 'unknown') as category,
        coalesce(targeted_categories.line_value, 0) as line_value,
        coalesce(targeted_categories.order_lines, 1) as order_lines
    from counted_refunds
    left join targeted_categories on targeted_categories.refund_id = counted_refunds.refund_id
    left join stg_products on stg_products.product_id = counted_refunds.product_id
),

-- Split by line value, or by the number of lines if they have no value.
weighted_categories as (
    select
        refund_id,
        category,
        goods_amount,
        case
            when sum(line_value) over (partition by refund_id) > 0 then line_value
            else order_lines
        end as weight
    from categorised_refunds
),

{{ split_by_largest_remainder(
    name='goods_shares', rows='weighted_categories', whole=['refund_id'], part='category',
    amount='goods_amount', weight='weight', result='goods_share'
) }}

select
    weighted_categories.refund_id,
    weighted_categories.category,
    {{ money('coalesce(goods_shares.goods_share, 0)') }} as goods_amount
from weighted_categories
left join goods_shares
    on goods_shares.refund_id = weighted_categories.refund_id
    and goods_shares.category = weighted_categories.category
