with

valid_orders as (
    select * from {{ ref('int_orders_valued') }} where is_valid
),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

stg_refunds as (select * from {{ ref('stg_refunds') }}),

service_rules as (select * from {{ ref('service_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- Returns cannot be counted if no refund says whether goods came back, or if no refund names an order. A refund that a
-- status implies names its order, but tells nothing of goods.
landed_flags as (
    select
        count(*) > 0 as has_refunds,
        count(stg_refunds.is_return) > 0 as has_is_return,
        count(stg_refunds.is_exchange) > 0 as has_is_exchange
    from refunds_valued
    left join stg_refunds on stg_refunds.refund_id = refunds_valued.refund_id
    where refunds_valued.order_id is not null
),

matured_orders as (
    select
        valid_orders.order_id,
        valid_orders.order_date,
        service_rules.order_days
    from valid_orders
    cross join service_rules
    cross join stg_run_period
    where {{ days_between('valid_orders.order_date', 'stg_run_period.as_of_date') }} >= service_rules.order_days
),

-- Use the day of the request, because it is closer to the return than the day of the refund.
dated_refunds as (
    select
        order_id,
        goods_amount_at_order_rate,
        is_return,
        is_exchange,
        case when requested_at is null then refund_date else {{ local_date('requested_at') }} end as requested_date
    from refunds_valued
),

order_refunds as (
    select
        matured_orders.order_id,
        sum(dated_refunds.goods_amount_at_order_rate) as refunded_amount,
        count(*) filter (where dated_refunds.is_return and not dated_refunds.is_exchange) as returns,
        count(*) filter (where dated_refunds.is_exchange) as exchanges
    from matured_orders
    inner join dated_refunds on dated_refunds.order_id = matured_orders.order_id
    where {{ days_between('matured_orders.order_date', 'dated_refunds.requested_date') }} <= matured_orders.order_days
    group by matured_orders.order_id
)

select
    matured_orders.order_id,
    {{ money(zero_if_landed('order_refunds.refunded_amount', 'landed_flags.has_refunds')) }} as refunded_amount,
    {{ zero_if_landed('order_refunds.returns', 'landed_flags.has_is_return') }} > 0 as is_returned,
    {{ zero_if_landed('order_refunds.exchanges', 'landed_flags.has_is_exchange') }} > 0 as is_exchanged
from matured_orders
cross join landed_flags
left join order_refunds on order_refunds.order_id = matured_orders.order_id
