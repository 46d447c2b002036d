with

int_customer_rfm as (select * from {{ ref('int_customer_rfm') }}),

rfm_dates as (select * from {{ ref('int_rfm_dates') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

stg_promotions as (select * from {{ ref('stg_promotions') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }})

select
    orders_valued.order_id,
    orders_valued.customer_id,
    coalesce(int_customer_rfm.rfm_segment, 'unscored') as rfm_segment,
    case
        when orders_valued.promotion_code is not null then coalesce(stg_promotions.promotion_type, 'unknown')
    end as promotion_type,
    orders_valued.gross_amount,
    case when inputs_present.has_order_items then
        {{ money('orders_valued.item_discount_amount + orders_valued.order_discount_amount') }}
    end as discount_amount,
    orders_valued.net_revenue
from rfm_dates
cross join inputs_present
inner join int_customer_rfm on int_customer_rfm.rfm_date = rfm_dates.rfm_date
inner join orders_valued
    on orders_valued.customer_id = int_customer_rfm.customer_id
    and orders_valued.order_date between rfm_dates.window_start_date and rfm_dates.rfm_date
left join stg_promotions on stg_promotions.promotion_code = orders_valued.promotion_code
where
    rfm_dates.is_as_of
    and orders_valued.is_valid
