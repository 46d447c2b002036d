{{ raw_table('order_discounts') }}
