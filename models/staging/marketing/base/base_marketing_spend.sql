{{ base_table(
    ref('source_marketing_spend'),
    columns={
        'spend_date': 'date key',
        'platform': 'code key_nullable',
        'utm_source': 'label key_nullable',
        'utm_medium': 'label key_nullable',
        'utm_campaign': 'label key_nullable',
        'cost_type': 'enum:cost_type key_nullable',
        'spend': 'money required',
        'currency': 'currency',
        'impressions': 'integer checked',
        'clicks': 'integer checked',
        'claimed_conversions': 'number checked',
        'claimed_revenue': 'money checked',
        'is_deleted': 'boolean'
    },
    rate_date='typed.spend_date'
) }}
