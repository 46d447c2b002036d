with

product_stock as (select * from {{ ref('int_product_stock') }}),

-- Days out of stock or not known count at the revenue of the days in stock, so that a bestseller stays one while empty.
possible_revenues as (
    select
        product_id,
        coalesce({{ mean_amount('offered_days * demand_net_revenue', 'demand_days') }}, 0) as possible_revenue
    from product_stock
),

-- Products of equal revenue have equal shares, because only products with strictly more revenue count.
cumulative_revenues as (
    select
        product_id,
        possible_revenue,
        cast(
            sum(possible_revenue) over (order by possible_revenue desc)
            - sum(possible_revenue) over (partition by possible_revenue)
            as decimal(28, 2)
        ) as possible_revenue_above,
        cast(sum(possible_revenue) over () as decimal(28, 2)) as all_possible_revenue
    from possible_revenues
)

-- The share of a product without revenue is 1.
select
    product_id,
    case
        when possible_revenue > 0 then {{ exact_ratio('possible_revenue_above', 'all_possible_revenue') }}
        else 1
    end as recent_share_above
from cumulative_revenues
