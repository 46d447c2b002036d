with

funnel_matches as (select * from {{ ref('int_funnel_matches') }}),

measured_funnel_steps as (select * from {{ ref('int_measured_funnel_steps') }}),

{{ funnel_progress(steps='measured_funnel_steps', matches='funnel_matches', entry='session_id') }}
