with

funnel_matches as (select * from {{ ref('int_funnel_matches') }}),

visitor_funnel_entries as (select * from {{ ref('int_visitor_funnel_entries') }}),

measured_funnel_steps as (select * from {{ ref('int_measured_funnel_steps') }}),

-- Both ends of the window are included: a match exactly at its end still belongs to the entry.
matches_of_entries as (
    select
        funnel_matches.funnel,
        funnel_matches.step_number,
        visitor_funnel_entries.entry_id,
        visitor_funnel_entries.visitor_id,
        funnel_matches.matched_at
    from funnel_matches
    inner join visitor_funnel_entries
        on visitor_funnel_entries.funnel = funnel_matches.funnel
        and visitor_funnel_entries.visitor_id = funnel_matches.visitor_id
        and funnel_matches.matched_at between visitor_funnel_entries.opened_at and visitor_funnel_entries.closes_at
    where not funnel_matches.is_bot
),

{{ funnel_progress(steps='measured_funnel_steps', matches='matches_of_entries', entry='entry_id', owner='visitor_id') }}
