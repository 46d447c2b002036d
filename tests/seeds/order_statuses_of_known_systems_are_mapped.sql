-- A shop whose statuses are not known has no revenue. These are the names that the systems document; a prefix or
-- another script must not matter.
with

order_status_mapping as (select * from {{ ref('order_status_mapping') }}),

documented_statuses as (
    select
        documented_names.raw_value,
        documented_names.value
    from (values
        ('wc-completed', 'completed'), ('wc-processing', 'paid'), ('wc-on-hold', 'placed'), ('wc-pending', 'placed'),
        ('wc-cancelled', 'cancelled'), ('wc-refunded', 'refunded'), ('wc-failed', 'failed'), ('trash', 'cancelled'),
        ('partially_paid', 'placed'), ('partially_refunded', 'paid'), ('voided', 'cancelled'), ('expired', 'failed'),
        ('payment_review', 'placed'), ('pending_payment', 'placed'), ('holded', 'placed'), ('closed', 'refunded'),
        ('unshipped', 'paid'), ('partiallyshipped', 'shipped'), ('unfulfillable', 'cancelled'),
        ('wait_buyer_pay', 'placed'), ('wait_seller_send_goods', 'paid'), ('trade_finished', 'completed'),
        ('trade_closed', 'refunded'), ('trade_closed_by_taobao', 'cancelled'), ('交易成功', 'completed'),
        ('wait_seller_stock_out', 'paid'), ('finished_l', 'completed'), ('trade_canceled', 'cancelled'),
        ('等待出库', 'paid'), ('已取消', 'cancelled')
    ) as documented_names (raw_value, value)
)

select
    documented_statuses.raw_value,
    documented_statuses.value,
    order_status_mapping.value as mapped_value
from documented_statuses
left join order_status_mapping on lower(order_status_mapping.raw_value) = documented_statuses.raw_value
where order_status_mapping.value is distinct from documented_statuses.value
