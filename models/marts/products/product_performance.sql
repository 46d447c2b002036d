{%- set has_items = 'inputs_present.has_order_items' -%}
{%- set has_returns = has_items ~ ' and inputs_present.has_refunds' -%}
{%- set has_events = 'inputs_present.has_events' -%}
with

products as (select * from {{ ref('int_products') }}),

product_sales as (select * from {{ ref('int_product_sales') }}),

product_returns as (select * from {{ ref('int_product_returns') }}),

product_traffic as (select * from {{ ref('int_product_traffic') }}),

product_ratings as (select * from {{ ref('int_product_ratings') }}),

product_shares as (select * from {{ ref('int_product_shares') }}),

product_statuses as (select * from {{ ref('int_product_statuses') }}),

product_stock as (select * from {{ ref('int_product_stock') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    products.product_id,
    products.product_name,
    products.category,
    products.subcategory,
    products.brand,
    case when {{ has_items }} then product_shares.abc_class end as abc_class,
    case when {{ has_items }} then product_statuses.product_status end as product_status,
    {%- for column in ['views', 'view_seconds', 'carts', 'viewing_sessions'] %}
    {{ zero_if_landed('product_traffic.' ~ column, has_events) }} as {{ column }},
    {%- endfor %}
    {{ zero_if_landed('product_traffic.ordering_sessions', has_events ~ ' and ' ~ has_items) }} as ordering_sessions,
    case
        when {{ has_items }} then {{ rounded_ratio(
            'product_traffic.ordering_sessions', 'product_traffic.viewing_sessions'
        ) }}
    end as view_to_order_rate,
    {{ zero_if_landed('product_sales.orders', has_items) }} as orders,
    cast({{ zero_if_landed('product_sales.units', has_items) }} as decimal(18, 3)) as units,
    {%- for column in ['net_revenue', 'net_revenue_after_refunds', 'covered_net_revenue', 'covered_gross_margin'] %}
    {%- set has_input = 'inputs_present.has_costs' if column == 'covered_gross_margin' else has_items %}
    {{ money(zero_if_landed('product_sales.' ~ column, has_input)) }} as {{ column }},
    {%- endfor %}
    product_sales.gross_margin,
    cast({{ zero_if_landed('product_returns.returned_units', has_returns) }} as decimal(18, 3)) as returned_units,
    {{ money(zero_if_landed('product_returns.credit_note_amount', has_returns)) }} as credit_note_amount,
    case
        when {{ has_returns }} then {{ rounded_ratio('product_returns.returned_units', 'product_sales.units') }}
    end as return_rate,
    {{ zero_if_landed('product_ratings.reviews', 'inputs_present.has_reviews') }} as reviews,
    product_ratings.rating,
    cast({{ zero_if_landed('product_sales.recent_units', has_items) }} as decimal(18, 3)) as recent_units,
    {{ money(zero_if_landed('product_sales.recent_net_revenue', has_items)) }} as recent_net_revenue,
    {{ zero_if_landed('product_stock.in_stock_days', has_items) }} as in_stock_days,
    product_stock.stock_out_days,
    {{ zero_if_landed('product_stock.demand_days', has_items) }} as demand_days,
    case when {{ has_items }} then product_stock.daily_units end as daily_units,
    product_stock.counted_quantity,
    product_stock.count_age_days,
    case when {{ has_items }} then product_stock.sold_units end as units_sold_since_count,
    case when {{ has_returns }} then product_stock.returned_units end as units_returned_since_count,
    product_stock.on_hand_quantity,
    product_stock.on_order_quantity,
    product_stock.days_of_cover,
    case when {{ has_items }} then product_stock.lost_sales_units end as lost_sales_units,
    case when {{ has_items }} then product_stock.lost_sales_estimate end as lost_sales_estimate,
    {{ days_between('product_sales.last_sale_date', 'stg_run_period.as_of_date') }} as days_since_last_sale,
    products.is_discontinued,
    product_stock.on_hand_quantity <= 0 as is_out_of_stock,
    products.first_offered_date,
    product_sales.last_sale_date,
    product_stock.snapshot_date as stock_counted_date
from products
cross join inputs_present
cross join stg_run_period
inner join product_shares on product_shares.product_id = products.product_id
inner join product_stock on product_stock.product_id = products.product_id
{%- for side in ['product_statuses', 'product_sales', 'product_returns', 'product_traffic', 'product_ratings'] %}
left join {{ side }} on {{ side }}.product_id = products.product_id
{%- endfor %}
