with

products as (select * from {{ ref('int_products') }}),

stock_outs as (select * from {{ ref('int_stock_outs') }}),

recent_period as (select * from {{ ref('int_recent_period') }}),

recent_offers as (
    select
        products.product_id,
        greatest(products.first_offered_date, recent_period.first_date) as from_date,
        cast({{ dbt.dateadd('day', 1, 'products.last_offered_date') }} as date) as until_date
    from products
    cross join recent_period
    where products.first_offered_date is not null
),

days_out as (
    select
        stock_outs.product_id,
        {%- for end in ['until_date', 'in_stock_date'] %}
        cast(sum(greatest({{ days_between(
            'greatest(stock_outs.from_date, recent_offers.from_date)',
            'least(stock_outs.' ~ end ~ ', recent_offers.until_date)'
        ) }}, 0)) as bigint) as days_to_{{ end }}{{ "," if not loop.last }}
        {%- endfor %}
    from stock_outs
    inner join recent_offers on recent_offers.product_id = stock_outs.product_id
    group by stock_outs.product_id
),

availability as (
    select
        recent_offers.product_id,
        greatest({{ days_between('recent_offers.from_date', 'recent_offers.until_date') }}, 0) as offered_days,
        coalesce(days_out.days_to_until_date, 0) as stock_out_days,
        coalesce(days_out.days_to_in_stock_date, 0) as days_without_stock
    from recent_offers
    left join days_out on days_out.product_id = recent_offers.product_id
)

select
    product_id,
    offered_days,
    stock_out_days,
    offered_days - days_without_stock as in_stock_days
from availability
