{{ raw_table('shipments') }}
