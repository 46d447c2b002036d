{{ base_table(
    ref('source_exchange_rates'),
    columns={
        'rate_date': 'date key',
        'currency': 'currency key',
        'rate': 'rate required',
        'is_deleted': 'boolean'
    },
    checks=[
        ['rate_not_positive', "typed.rate <= 0"],
        [
            'reporting_currency_not_one',
            "typed.currency = '" ~ var('reporting_currency', 'CNY') ~ "' and typed.rate <> 1"
        ]
    ]
) }}
