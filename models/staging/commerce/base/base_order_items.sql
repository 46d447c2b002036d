{{ base_table(
    'order_items',
    columns={
        'order_item_id': 'id key',
        'order_id': 'id required',
        'product_id': 'id',
        'quantity': 'quantity required',
        'unit_price': 'money required',
        'discount_amount': 'money checked',
        'unit_cost': 'money checked',
        'updated_at': 'timestamp'
    },
    version='kept.updated_at desc nulls last',
    parents={'base_orders': ['order_id', 'order_id']},
    checks=[[
        'line_amount_out_of_range',
        'cast(typed.quantity as decimal(19, 3)) * cast(typed.unit_price as decimal(19, 6)) >= '
        ~ largest_values()['money']
    ]]
) }}
