{{ base_table(
    ref('source_inventory_snapshots'),
    columns={
        'snapshot_date': 'date key',
        'product_id': 'id key',
        'on_hand_quantity': 'quantity required',
        'on_order_quantity': 'quantity checked',
        'is_deleted': 'boolean'
    },
    may_be_negative=['on_hand_quantity']
) }}
