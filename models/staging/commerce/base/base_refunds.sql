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
    checks=[
        [
            'parts_above_amount',
            "coalesce(typed.shipping_amount, 0) + coalesce(typed.tax_amount, 0) > typed.amount"
        ]
    ]
) }}
