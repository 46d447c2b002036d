with

product_stock as (select * from {{ ref('int_product_stock') }}),

products as (select * from {{ ref('int_products') }}),

category_stock as (
    select
        products.category,
        sum(greatest(product_stock.on_hand_quantity, 0)) as on_hand_quantity,
        sum(product_stock.daily_units) as daily_units,
        max(product_stock.count_age_days) as count_age_days
    from product_stock
    inner join products on products.product_id = product_stock.product_id
    where
        product_stock.on_hand_quantity is not null
        and not products.is_discontinued
    group by products.category
)

select
    'product' as level,
    product_id as item,
    on_hand_quantity,
    daily_units,
    count_age_days,
    days_of_cover
from product_stock
union all
select
    'category' as level,
    category as item,
    cast(on_hand_quantity as decimal(18, 3)) as on_hand_quantity,
    cast(daily_units as decimal(18, 6)) as daily_units,
    count_age_days,
    {{ rounded_ratio('on_hand_quantity', 'daily_units') }} as days_of_cover
from category_stock
