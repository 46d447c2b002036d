{{ base_table(
    ref('source_messages'),
    columns={
        'message_id': 'id key',
        'campaign_id': 'id required',
        'customer_id': 'person_id required',
        'sent_at': 'timestamp required',
        'delivered_at': 'timestamp checked',
        'opened_at': 'timestamp checked',
        'clicked_at': 'timestamp checked',
        'unsubscribed_at': 'timestamp checked',
        'bounced_at': 'timestamp checked',
        'is_deleted': 'boolean'
    }
) }}
