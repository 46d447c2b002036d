{{ base_table(
    ref('source_promotions'),
    columns={
        'promotion_code': 'id key',
        'promotion_name': 'text',
        'promotion_type': 'enum:promotion_type',
        'starts_at': 'timestamp checked',
        'ends_at': 'timestamp checked',
        'discount_rate': 'share checked',
        'threshold_amount': 'money checked',
        'is_deleted': 'boolean'
    }
) }}
