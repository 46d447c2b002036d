with

stg_orders as (select * from {{ ref('stg_orders') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

stg_marketing_spend as (select * from {{ ref('stg_marketing_spend') }}),

landed_days as (
    select 'orders' as input, {{ local_date('ordered_at') }} as date from stg_orders
    union
    select 'traffic' as input, {{ local_date('started_at') }} as date from stg_sessions
    union
    select 'traffic' as input, {{ local_date('occurred_at') }} as date from stg_events
    union
    select 'spend' as input, spend_date as date from stg_marketing_spend
)

select
    input,
    {{ days_between('lag(date) over (partition by input order by date)', 'date') }} as gap_days,
    date
from landed_days
