{{ raw_table('refunds') }}
