{{ base_table(
    ref('source_order_discounts'),
    columns={
        'order_discount_id': 'id key',
        'order_id': 'id required',
        'promotion_code': 'id',
        'amount': 'money checked',
        'target': 'enum:discount_target',
        'is_deleted': 'boolean'
    },
    orders=ref('base_orders'),
    may_be_negative=['amount']
) }}
