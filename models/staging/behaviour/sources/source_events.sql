{{ raw_table('events') }}
