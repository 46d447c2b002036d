{%- set repurchase_days = 90 -%}
with

customer_orders as (select * from {{ ref('int_customer_orders') }}),

acquisition_channels as (select * from {{ ref('int_acquisition_channels') }}),

acquisition_rules as (select * from {{ ref('acquisition_rules') }})

-- A customer who is not old enough has null, not false or 0. The 90 days are part of the column's name.
select
    customer_orders.customer_id,
    acquisition_channels.acquisition_channel,
    case
        when customer_orders.days_since_first_order >= acquisition_rules.retention_days
            then customer_orders.order_span_days
    end as retained_days,
    case
        when customer_orders.days_since_first_order >= {{ repurchase_days }}
            then coalesce(customer_orders.days_to_second_order <= {{ repurchase_days }}, false)
    end as has_repurchased_90d,
    customer_orders.first_order_date as acquisition_date,
    {{ month_of('customer_orders.first_order_date') }} as acquisition_month
from customer_orders
inner join acquisition_channels on acquisition_channels.customer_id = customer_orders.customer_id
cross join acquisition_rules
where customer_orders.orders > 0
