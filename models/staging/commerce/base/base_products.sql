{{ base_table(
    ref('source_products'),
    columns={
        'product_id': 'id key',
        'product_name': 'text',
        'product_kind': 'enum:product_kind',
        'category': 'text',
        'subcategory': 'text',
        'brand': 'text',
        'list_price': 'money checked',
        'unit_cost': 'money checked',
        'currency': 'currency',
        'image_count': 'integer checked',
        'description_length': 'integer checked',
        'listed_at': 'timestamp',
        'discontinued_at': 'timestamp',
        'updated_at': 'timestamp',
        'is_deleted': 'boolean'
    },
    version='rows_with_digest.updated_at desc nulls last',
    rate_date='any',
    rate_amounts=['list_price', 'unit_cost']
) }}
