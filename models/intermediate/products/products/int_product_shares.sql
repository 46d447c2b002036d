with

products as (select * from {{ ref('int_products') }}),

product_sales as (select * from {{ ref('int_product_sales') }}),

abc_classes as (select * from {{ ref('abc_classes') }}),

revenues as (
    select
        products.product_id,
        coalesce(product_sales.net_revenue, 0) as net_revenue
    from products
    left join product_sales on product_sales.product_id = products.product_id
),

-- Products of equal revenue are in one class, because only products with strictly more revenue count.
revenues_above as (
    select
        product_id,
        net_revenue,
        cast(
            sum(net_revenue) over (order by net_revenue desc) - sum(net_revenue) over (partition by net_revenue)
            as decimal(28, 2)
        ) as net_revenue_above,
        cast(sum(net_revenue) over () as decimal(28, 2)) as all_net_revenue
    from revenues
),

last_class as (
    select abc_class from abc_classes where share_above_below is null
)

-- A product without revenue is in the last class.
select
    revenues_above.product_id,
    coalesce(abc_classes.abc_class, last_class.abc_class) as abc_class
from revenues_above
cross join last_class
left join abc_classes
    on revenues_above.net_revenue > 0
    and revenues_above.net_revenue_above >= abc_classes.share_above_from * revenues_above.all_net_revenue
    and {{ rule_holds(
        'revenues_above.net_revenue_above', '<', 'abc_classes.share_above_below * revenues_above.all_net_revenue'
    ) }}
