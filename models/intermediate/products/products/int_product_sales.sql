with

product_lines as (select * from {{ ref('int_product_lines') }}),

recent_period as (select * from {{ ref('int_recent_period') }})

select
    product_lines.product_id,
    count(distinct case when product_lines.is_sale then product_lines.order_id end) as orders,
    cast(sum(product_lines.quantity) as decimal(18, 3)) as units,
    {{ money('sum(product_lines.net_revenue)') }} as net_revenue,
    {{ money('sum(product_lines.net_revenue_after_refunds)') }} as net_revenue_after_refunds,
    case
        when count(product_lines.gross_margin) = count(*) then {{ money('sum(product_lines.gross_margin)') }}
    end as gross_margin,
    {{ money(
        'sum(case when product_lines.gross_margin is not null then product_lines.net_revenue else 0 end)'
    ) }} as covered_net_revenue,
    {{ money('coalesce(sum(product_lines.gross_margin), 0)') }} as covered_gross_margin,
    cast(sum(
        case when product_lines.order_date >= recent_period.first_date then product_lines.quantity else 0 end
    ) as decimal(18, 3)) as recent_units,
    {{ money(
        'sum(case when product_lines.order_date >= recent_period.first_date then product_lines.net_revenue else 0 end)'
    ) }} as recent_net_revenue,
    min(case when product_lines.is_sale then product_lines.order_date end) as first_sale_date,
    max(case when product_lines.is_sale then product_lines.order_date end) as last_sale_date
from product_lines
cross join recent_period
group by product_lines.product_id
