{{ base_table(
    ref('source_campaigns'),
    columns={
        'campaign_id': 'id key',
        'campaign_name': 'text',
        'subject': 'text',
        'campaign_type': 'enum:campaign_type',
        'objective': 'enum:campaign_objective',
        'started_at': 'timestamp checked',
        'ended_at': 'timestamp checked',
        'cost': 'money checked',
        'currency': 'currency',
        'is_deleted': 'boolean'
    },
    rate_date=local_date('coalesce(typed.started_at, typed.ended_at)'),
    rate_amounts=['cost']
) }}
