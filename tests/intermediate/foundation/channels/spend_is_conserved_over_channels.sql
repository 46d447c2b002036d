-- Spend in no channel, or in two, makes acquisition look cheaper or more expensive than it is.
with

stg_marketing_spend as (select * from {{ ref('stg_marketing_spend') }}),

marketing_spend_channels as (select * from {{ ref('int_marketing_spend_channels') }}),

raw_totals as (
    select spend_date, count(*) as spend_rows, sum(clicks) as clicks from stg_marketing_spend group by spend_date
),

channel_totals as (
    select spend_date, count(*) as spend_rows, sum(clicks) as clicks from marketing_spend_channels group by spend_date
)

select
    raw_totals.spend_date,
    raw_totals.spend_rows,
    channel_totals.spend_rows as channel_spend_rows
from raw_totals
full outer join channel_totals on channel_totals.spend_date = raw_totals.spend_date
where
    raw_totals.spend_rows is distinct from channel_totals.spend_rows
    or raw_totals.clicks is distinct from channel_totals.clicks
