{{ raw_table('experiment_variants') }}
