{{ raw_table('promotions') }}
