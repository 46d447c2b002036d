{{ base_table(
    ref('source_experiment_assignments'),
    columns={
        'experiment_id': 'id key',
        'unit_id': 'person_id key',
        'assigned_at': 'timestamp key',
        'variant': 'id required',
        'is_deleted': 'boolean'
    }
) }}
