{{ base_table(
    ref('source_payments'),
    columns={
        'payment_id': 'id key',
        'order_id': 'id required',
        'attempted_at': 'timestamp required',
        'payment_method': 'code',
        'status': 'enum:payment_status',
        'amount': 'money checked',
        'currency': 'currency',
        'is_deleted': 'boolean'
    },
    orders=ref('base_orders'),
    rate_date=local_date('typed.attempted_at')
) }}
