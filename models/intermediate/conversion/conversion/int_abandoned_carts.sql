with

session_product_carts as (select * from {{ ref('int_session_product_carts') }}),

stg_products as (select * from {{ ref('stg_products') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

valued_products as (
    select
        session_product_carts.session_id,
        session_product_carts.product_id,
        session_product_carts.left_quantity,
        {{ converted_line(
            'session_product_carts.left_quantity', 'stg_products.list_price', 'exchange_rates_daily.rate'
        ) }} as value,
        session_product_carts.last_cart_at
    from session_product_carts
    left join stg_products on stg_products.product_id = session_product_carts.product_id
    left join exchange_rates_daily
        on exchange_rates_daily.currency = stg_products.currency
        and exchange_rates_daily.rate_date = {{ local_date('session_product_carts.last_cart_at') }}
    where session_product_carts.left_quantity > 0
),

summed_carts as (
    select
        session_id,
        {{ joined_text('product_id') }} as product_ids,
        count(*) as products,
        count(value) as priced_products,
        cast(sum(left_quantity) as decimal(18, 3)) as units,
        cast(sum(value) as decimal(18, 2)) as value,
        max(last_cart_at) as carted_at
    from valued_products
    group by session_id
)

-- A session that may still continue at the end of the as-of date has not abandoned its cart yet.
select
    summed_carts.session_id,
    int_sessions.visitor_id,
    int_sessions.customer_id,
    int_sessions.channel,
    int_sessions.device_type,
    summed_carts.product_ids,
    summed_carts.products,
    summed_carts.priced_products,
    summed_carts.units,
    summed_carts.value,
    {{ local_date('summed_carts.carted_at') }} as cart_date,
    summed_carts.carted_at
from summed_carts
inner join int_sessions on int_sessions.session_id = summed_carts.session_id
cross join stg_run_period
where
    {{ dbt.dateadd(
        'minute', var('session_timeout_minutes', 30), 'coalesce(int_sessions.ended_at, summed_carts.carted_at)'
    ) }}
    <= stg_run_period.as_of_end_at
