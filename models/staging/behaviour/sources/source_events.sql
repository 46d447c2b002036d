{{ config(meta={'digested_by': [clean_text('event_id')]}) }}
{{ raw_table('events') }}
