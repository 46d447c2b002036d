{{ base_table(
    ref('source_survey_responses'),
    columns={
        'response_id': 'id key',
        'customer_id': 'person_id',
        'order_id': 'id',
        'survey_type': 'enum:survey_type',
        'aspect': 'enum:survey_aspect',
        'invited_at': 'timestamp checked',
        'score': 'number checked',
        'comment': 'text',
        'responded_at': 'timestamp checked',
        'is_deleted': 'boolean'
    },
    checks=[
        [
            'score_out_of_range',
            "typed.score < case when typed.survey_type = 'nps' then 0 else 1 end"
            ~ " or typed.score > case typed.survey_type when 'nps' then 10 when 'ces' then 7 else 5 end"
        ]
    ]
) }}
