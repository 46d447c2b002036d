{{ base_table(
    ref('source_refunds'),
    columns={
        'refund_id': 'id key',
        'order_id': 'id',
        'customer_id': 'person_id',
        'order_item_id': 'id',
        'product_id': 'id',
        'quantity': 'quantity checked',
        'amount': 'money required',
        'goods_amount': 'money checked',
        'shipping_amount': 'money checked',
        'tax_amount': 'money checked',
        'currency': 'currency',
        'reason': 'text',
        'is_return': 'boolean',
        'is_exchange': 'boolean',
        'requested_at': 'timestamp checked',
        'refunded_at': 'timestamp required',
        'is_deleted': 'boolean'
    },
    orders=ref('base_orders'),
    rate_date=local_date('typed.refunded_at'),
    may_be_negative=['quantity', 'amount', 'goods_amount', 'shipping_amount', 'tax_amount'],
    checks=[
        [
            'parts_above_amount',
            "abs(coalesce(typed.shipping_amount, 0)) + abs(coalesce(typed.tax_amount, 0)) > abs(typed.amount)"
        ],
        [
            'amount_negative',
            "typed.amount < 0 and typed.order_id is not null and ("
            ~ "min(case when typed.amount > 0 then typed.refund_id end) over ("
            ~ "partition by typed.order_id, abs(typed.amount)) <> typed.refund_id"
            ~ " or max(case when typed.amount > 0 then typed.refund_id end) over ("
            ~ "partition by typed.order_id, abs(typed.amount)) <> typed.refund_id)"
        ]
    ]
) }}
