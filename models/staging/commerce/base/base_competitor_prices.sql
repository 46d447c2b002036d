{{ base_table(
    ref('source_competitor_prices'),
    columns={
        'price_date': 'date key',
        'product_id': 'id key',
        'competitor': 'label key',
        'price': 'money required',
        'currency': 'currency',
        'is_deleted': 'boolean'
    },
    rate_date='typed.price_date'
) }}
