{{ base_table(
    ref('source_order_items'),
    columns={
        'order_item_id': 'id key',
        'order_id': 'id required',
        'product_id': 'id',
        'quantity': 'quantity required',
        'unit_price': 'money required',
        'discount_amount': 'money checked',
        'unit_cost': 'money checked',
        'line_type': 'enum:line_type',
        'parent_order_item_id': 'id',
        'updated_at': 'timestamp',
        'is_deleted': 'boolean'
    },
    version='rows_with_digest.updated_at desc nulls last',
    orders=ref('base_orders'),
    may_be_negative=['quantity', 'unit_price', 'discount_amount'],
    checks=[
        ['quantity_negative', 'typed.quantity < 0 and typed.unit_price = 0'],
        ['unit_price_negative', 'typed.unit_price < 0 and typed.quantity = 0'],
        [
            'line_amount_out_of_range',
            'abs(cast(typed.quantity as decimal(19, 3)) * cast(typed.unit_price as decimal(19, 6))) >= '
            ~ largest_values()['money']
        ]
    ]
) }}
