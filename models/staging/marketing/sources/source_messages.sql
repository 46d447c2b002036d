{{ raw_table('messages') }}
