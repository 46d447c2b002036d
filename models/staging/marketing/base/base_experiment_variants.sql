{{ base_table(
    ref('source_experiment_variants'),
    columns={
        'experiment_id': 'id key',
        'variant': 'id key',
        'is_control': 'boolean required',
        'planned_share': 'share required',
        'unit_type': 'enum:unit_type',
        'campaign_id': 'id',
        'started_at': 'timestamp required',
        'ended_at': 'timestamp checked',
        'is_deleted': 'boolean'
    }
) }}
