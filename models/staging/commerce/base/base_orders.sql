{{ base_table(
    ref('source_orders'),
    columns={
        'order_id': 'id key',
        'customer_id': 'person_id',
        'visitor_id': 'person_id',
        'session_id': 'id',
        'ordered_at': 'timestamp required',
        'paid_at': 'timestamp checked',
        'completed_at': 'timestamp checked',
        'cancelled_at': 'timestamp checked',
        'status': 'enum:order_status',
        'sales_channel': 'enum:sales_channel',
        'currency': 'currency',
        'discount_amount': 'money checked',
        'shipping_amount': 'money checked',
        'tax_amount': 'money checked',
        'total_amount': 'money checked',
        'promotion_code': 'id',
        'points_redeemed': 'integer checked',
        'is_test': 'boolean',
        'updated_at': 'timestamp'
    },
    version='rows_with_digest.updated_at desc nulls last',
    rate_date=local_date('typed.ordered_at')
) }}
