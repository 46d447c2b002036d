with

stg_customers as (select * from {{ ref('stg_customers') }}),

distinct_signup_channels as (
    select distinct
        signup_channel,
        lower(signup_channel) as name
    from stg_customers
    where signup_channel is not null
)

-- `google / cpc` is source and medium. A single word can be either, so it is tried as both.
select
    signup_channel,
    replace(replace(replace(name, ' ', '_'), '-', '_'), '/', '_') as code,
    trim(case when contains(name, '/') then regexp_extract(name, '^([^/]*)/', 1) else name end) as source,
    trim(case when contains(name, '/') then regexp_extract(name, '^[^/]*/(.*)$', 1) else name end) as medium
from distinct_signup_channels
