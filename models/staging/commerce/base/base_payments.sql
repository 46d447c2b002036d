{{ base_table(
    'payments',
    columns={
        'payment_id': 'id key',
        'order_id': 'id required',
        'attempted_at': 'timestamp required',
        'payment_method': 'code',
        'status': 'enum:payment_status',
        'amount': 'money checked',
        'currency': 'currency'
    },
    parents={'base_orders': ['order_id', 'order_id']},
    rate_date=local_date('typed.attempted_at')
) }}
