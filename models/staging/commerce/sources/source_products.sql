{{ raw_table('products') }}
