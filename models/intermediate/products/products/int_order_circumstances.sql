with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

int_customers as (select * from {{ ref('int_customers') }}),

customer_ages as (select * from {{ ref('int_customer_ages') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

int_sessions as (select * from {{ ref('int_sessions') }})

select
    orders_valued.order_id,
    coalesce(int_customers.city_tier, 'unknown') as city_tier,
    coalesce(customer_ages.age_band, 'unknown') as age_band,
    coalesce(int_customers.gender, 'unknown') as gender,
    coalesce(int_sessions.device_type, 'unknown') as device_type,
    {{ iso_weekday(local_date('orders_valued.ordered_at')) }} as weekday,
    cast({{ local_hour('orders_valued.ordered_at') }} as bigint) as hour,
    orders_valued.order_date,
    orders_valued.order_month
from orders_valued
left join int_customers on int_customers.customer_id = orders_valued.customer_id
left join customer_ages on customer_ages.customer_id = orders_valued.customer_id
left join order_sessions on order_sessions.order_id = orders_valued.order_id
left join int_sessions on int_sessions.session_id = order_sessions.session_id
where orders_valued.is_valid
