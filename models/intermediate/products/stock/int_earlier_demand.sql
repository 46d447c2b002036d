with

products as (select * from {{ ref('int_products') }}),

product_lines as (select * from {{ ref('int_product_lines') }}),

stock_outs as (select * from {{ ref('int_stock_outs') }}),

stock_rules as (select * from {{ ref('stock_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

recent_period as (select * from {{ ref('int_recent_period') }}),

sold_out_products as (
    select distinct stock_outs.product_id
    from stock_outs
    inner join recent_period on recent_period.first_date < stock_outs.in_stock_date
),

offered_days as (
    select
        products.product_id,
        {{ each_day(
            'greatest(products.first_offered_date, stg_run_period.first_date, cast('
            ~ dbt.dateadd('day', '1 - stock_rules.demand_lookback_days', 'stg_run_period.as_of_date') ~ ' as date))',
            'products.last_offered_date'
        ) }} as day
    from sold_out_products
    inner join products on products.product_id = sold_out_products.product_id
    cross join stock_rules
    cross join stg_run_period
    where products.first_offered_date is not null
),

in_stock_days as (
    select
        offered_days.product_id,
        row_number() over (partition by offered_days.product_id order by offered_days.day desc) as day_rank,
        offered_days.day
    from offered_days
    left join stock_outs
        on stock_outs.product_id = offered_days.product_id
        and stock_outs.from_date <= offered_days.day
        and stock_outs.in_stock_date > offered_days.day
    where stock_outs.product_id is null
),

daily_sales as (
    select
        product_id,
        sum(quantity) as units,
        sum(net_revenue) as net_revenue,
        order_date
    from product_lines
    group by product_id, order_date
)

select
    in_stock_days.product_id,
    count(*) as demand_days,
    cast(coalesce(sum(daily_sales.units), 0) as decimal(18, 3)) as demand_units,
    {{ money('coalesce(sum(daily_sales.net_revenue), 0)') }} as demand_net_revenue
from in_stock_days
cross join stock_rules
left join daily_sales
    on daily_sales.product_id = in_stock_days.product_id
    and daily_sales.order_date = in_stock_days.day
where in_stock_days.day_rank <= stock_rules.min_demand_days
group by in_stock_days.product_id
