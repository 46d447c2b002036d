{{ base_table(
    ref('source_sessions'),
    columns={
        'session_id': 'id key',
        'visitor_id': 'person_id required',
        'customer_id': 'person_id',
        'started_at': 'timestamp required',
        'ended_at': 'timestamp checked',
        'platform': 'enum:session_platform',
        'device_type': 'enum:device_type',
        'operating_system': 'text',
        'browser': 'text',
        'user_agent': 'label',
        'referrer_url': 'url',
        'landing_page_url': 'url',
        'utm_source': 'url_text',
        'utm_medium': 'url_text',
        'utm_campaign': 'url_text',
        'utm_content': 'url_text',
        'utm_term': 'url_text',
        'click_id': 'label',
        'country': 'text',
        'region': 'text',
        'city': 'text',
        'is_deleted': 'boolean'
    }
) }}
