{{ funnel_progress(steps='int_funnel_steps', matches='int_visitor_funnel_matches', entry='entry_id') }}
