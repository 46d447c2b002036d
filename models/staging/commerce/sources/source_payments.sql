{{ raw_table('payments') }}
