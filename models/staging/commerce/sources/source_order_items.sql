{{ raw_table('order_items') }}
