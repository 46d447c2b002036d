{{ config(meta={'keyed': {'by': 'event_id', 'reads': {'source_events': clean_text('event_id')}}}) }}
{{ base_table(
    ref('source_events'),
    columns={
        'event_id': 'id key',
        'session_id': 'id',
        'visitor_id': 'person_id required',
        'customer_id': 'person_id',
        'event_type': 'enum:event_type required',
        'occurred_at': 'timestamp required',
        'received_at': 'timestamp checked',
        'page_type': 'enum:page_type',
        'page_url': 'url',
        'product_id': 'id',
        'order_id': 'id',
        'quantity': 'quantity checked',
        'search_term': 'url_text',
        'search_result_count': 'integer checked',
        'sort_order': 'code',
        'content_category': 'text',
        'page_load_ms': 'integer checked',
        'payment_methods_offered': 'integer checked',
        'promised_delivery_days': 'number checked',
        'placement': 'code',
        'anchor_product_id': 'id',
        'is_deleted': 'boolean'
    },
    version='rows_with_digest.received_at nulls last'
) }}
