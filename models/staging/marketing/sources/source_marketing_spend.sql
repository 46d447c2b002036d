{{ raw_table('marketing_spend') }}
