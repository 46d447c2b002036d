with

int_sessions as (select * from {{ ref('int_sessions') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }})

-- Sessions that are only known from events have a source as far as the addresses of their pages tell one.
select
    inputs_present.has_sessions
    or exists (select 1 from int_sessions where int_sessions.own_channel <> 'direct') as has_sources
from inputs_present
