with

products as (
    select * from {{ ref('int_products') }}
),

product_sales as (
    select * from {{ ref('int_product_sales') }}
),

abc_classes as (
    select * from {{ ref('abc_classes') }}
),

revenues as (
    select
        products.product_id,
        coalesce(product_sales.net_revenue, 0) as net_revenue,
        coalesce(product_sales.recent_net_revenue, 0) as recent_net_revenue
    from products
    left join product_sales on product_sales.product_id = products.product_id
),

-- Products of equal revenue share one place: what counts is earned by those strictly above.
places as (
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

-- Whatever earned nothing has everything above it.
select
    places.product_id,
    coalesce(abc_classes.abc_class, last_class.abc_class) as abc_class,
    case
        when places.recent_net_revenue > 0
            then {{ exact_ratio('places.recent_net_revenue_above', 'places.all_recent_net_revenue') }}
        else 1
    end as recent_share_above
from places
cross join last_class
left join abc_classes
    on places.net_revenue > 0
    and places.net_revenue_above >= abc_classes.share_above_from * places.all_net_revenue
    and {{ rule_holds('places.net_revenue_above', '<', 'abc_classes.share_above_below * places.all_net_revenue') }}
