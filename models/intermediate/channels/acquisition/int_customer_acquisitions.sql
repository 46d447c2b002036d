{%- set repurchase_days = 90 -%}
{%- set retention_days = 180 -%}
with

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
),

acquisition_channels as (
    select * from {{ ref('int_acquisition_channels') }}
)

-- Who is too young to be judged has null instead of false or 0.
select
    customer_orders.customer_id,
    acquisition_channels.acquisition_channel,
    case
        when customer_orders.days_since_first_order >= {{ retention_days }} then customer_orders.order_span_days
    end as retained_days,
    case
        when customer_orders.days_since_first_order >= {{ repurchase_days }}
            then coalesce(customer_orders.days_to_second_order <= {{ repurchase_days }}, false)
    end as has_repurchased_90d,
    customer_orders.first_order_date as acquisition_date,
    {{ month_of('customer_orders.first_order_date') }} as acquisition_month
from customer_orders
inner join acquisition_channels on acquisition_channels.customer_id = customer_orders.customer_id
where customer_orders.orders > 0
