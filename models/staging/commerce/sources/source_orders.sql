{{ raw_table('orders') }}
