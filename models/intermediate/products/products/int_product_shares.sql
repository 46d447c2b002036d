with

products as (select * from {{ ref('int_products') }}),

product_sales as (select * from {{ ref('int_product_sales') }}),

abc_classes as (select * from {{ ref('abc_classes') }}),

revenues as (
    select
        products.product_id,
        coalesce(product_sales.net_revenue, 0) as net_revenue,
        coalesce(product_sales.recent_net_revenue, 0) as recent_net_revenue
    from products
    left join product_sales on product_sales.product_id = products.product_id
),

-- Products of equal revenue have equal shares, because only products with strictly more revenue count.
cumulative_revenues as (
    select
        product_id,
        {%- for revenue in ['net_revenue', 'recent_net_revenue'] %}
        {{ revenue }},
        cast(
            sum({{ revenue }}) over (order by {{ revenue }} desc) - sum({{ revenue }}) over (partition by {{ revenue }})
            as decimal(28, 2)
        ) as {{ revenue }}_above,
        cast(sum({{ revenue }}) over () as decimal(28, 2)) as all_{{ revenue }}{{ "," if not loop.last }}
        {%- endfor %}
    from revenues
),

last_class as (
    select abc_class
    from abc_classes
    where share_above_below is null
)

-- A product without revenue is in the last class, and its share is 1.
select
    cumulative_revenues.product_id,
    coalesce(abc_classes.abc_class, last_class.abc_class) as abc_class,
    case
        when cumulative_revenues.recent_net_revenue > 0
            then {{ exact_ratio(
                'cumulative_revenues.recent_net_revenue_above', 'cumulative_revenues.all_recent_net_revenue'
            ) }}
        else 1
    end as recent_share_above
from cumulative_revenues
cross join last_class
left join abc_classes
    on cumulative_revenues.net_revenue > 0
    and cumulative_revenues.net_revenue_above >= abc_classes.share_above_from * cumulative_revenues.all_net_revenue
    and {{ rule_holds(
        'cumulative_revenues.net_revenue_above', '<',
        'abc_classes.share_above_below * cumulative_revenues.all_net_revenue'
    ) }}
