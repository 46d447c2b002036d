{{ raw_table('sessions') }}
