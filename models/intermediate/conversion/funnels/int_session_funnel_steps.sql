{{ funnel_progress(steps='int_funnel_steps', matches='int_funnel_matches', entry='session_id') }}
