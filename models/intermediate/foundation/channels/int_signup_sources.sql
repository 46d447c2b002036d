with

stg_customers as (
    select * from {{ ref('stg_customers') }}
),

signup_channels as (
    select distinct
        signup_channel,
        lower(signup_channel) as name
    from stg_customers
    where signup_channel is not null
)

-- `google / cpc` names source and medium; a single word may be either and is tried as both.
select
    signup_channel,
    replace(replace(replace(name, ' ', '_'), '-', '_'), '/', '_') as code,
    trim(case when contains(name, '/') then regexp_extract(name, '^([^/]*)/', 1) else name end) as source,
    trim(case when contains(name, '/') then regexp_extract(name, '^[^/]*/(.*)$', 1) else name end) as medium
from signup_channels
