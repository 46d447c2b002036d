with

signup_sources as (select * from {{ ref('int_signup_sources') }}),

channels as (select * from {{ ref('channels') }}),

channel_assignments as (select * from {{ ref('int_channel_assignments') }})

-- A channel's own id is taken as it is. Everything else goes through the rules; without a match it is null.
select
    signup_sources.signup_channel,
    coalesce(channels.channel, nullif(channel_assignments.channel, 'unassigned')) as channel
from signup_sources
left join channels on channels.channel = signup_sources.code
left join channel_assignments
    on channel_assignments.source = signup_sources.source
    and channel_assignments.medium = signup_sources.medium
    and channel_assignments.campaign = '(not set)'
    and channel_assignments.platform = signup_sources.code
    and channel_assignments.referrer_host = ''
    and channel_assignments.click_id = ''
