{{ raw_table('experiment_assignments') }}
