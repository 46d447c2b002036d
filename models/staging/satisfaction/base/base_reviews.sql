{{ base_table(
    ref('source_reviews'),
    columns={
        'review_id': 'id key',
        'order_id': 'id',
        'product_id': 'id',
        'customer_id': 'person_id',
        'rating': 'number required',
        'review_text': 'text',
        'reviewed_at': 'timestamp required',
        'is_deleted': 'boolean'
    },
    checks=[
        ['rating_out_of_range', "typed.rating not between 1 and 5"]
    ]
) }}
