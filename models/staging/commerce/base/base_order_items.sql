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
    checks=[[
        'line_amount_out_of_range',
        'cast(typed.quantity as decimal(19, 3)) * cast(typed.unit_price as decimal(19, 6)) >= '
        ~ largest_values()['money']
    ]]
) }}
