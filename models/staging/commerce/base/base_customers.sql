{{ base_table(
    ref('source_customers'),
    columns={
        'customer_id': 'person_id key',
        'registered_at': 'timestamp checked',
        'birth_date': 'date checked',
        'gender': 'enum:gender',
        'country': 'text',
        'region': 'text',
        'city': 'text',
        'city_tier': 'enum:city_tier',
        'customer_type': 'enum:customer_type',
        'occupation': 'text',
        'education': 'text',
        'marital_status': 'text',
        'income_band': 'text',
        'member_level': 'text',
        'points_balance': 'integer checked',
        'signup_channel': 'text',
        'referrer_customer_id': 'person_id',
        'email_opt_in': 'boolean',
        'sms_opt_in': 'boolean',
        'push_opt_in': 'boolean',
        'merged_into_customer_id': 'person_id',
        'updated_at': 'timestamp'
    },
    version='rows_with_digest.updated_at desc nulls last',
    may_be_negative=['points_balance']
) }}
