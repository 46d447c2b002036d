{{ base_table(
    ref('source_support_tickets'),
    columns={
        'ticket_id': 'id key',
        'customer_id': 'person_id',
        'order_id': 'id',
        'topic': 'text',
        'contact_channel': 'code',
        'handled_by': 'enum:handled_by',
        'is_complaint': 'boolean',
        'opened_at': 'timestamp required',
        'first_response_at': 'timestamp checked',
        'resolved_at': 'timestamp checked',
        'satisfaction_score': 'number checked',
        'is_deleted': 'boolean'
    }
) }}
