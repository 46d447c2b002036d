{{ base_table(
    ref('source_shipments'),
    columns={
        'shipment_id': 'id key',
        'order_id': 'id required',
        'carrier': 'text',
        'delivery_method': 'enum:delivery_method',
        'shipping_cost': 'money checked',
        'shipped_at': 'timestamp checked',
        'promised_at': 'timestamp checked',
        'delivered_at': 'timestamp checked',
        'is_deleted': 'boolean'
    },
    orders=ref('base_orders')
) }}
