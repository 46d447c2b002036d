{{ raw_table('competitor_prices') }}
