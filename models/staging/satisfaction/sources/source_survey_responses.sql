{{ raw_table('survey_responses') }}
