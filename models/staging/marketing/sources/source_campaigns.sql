{{ raw_table('campaigns') }}
