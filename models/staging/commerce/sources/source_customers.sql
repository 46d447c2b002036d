{{ raw_table('customers') }}
