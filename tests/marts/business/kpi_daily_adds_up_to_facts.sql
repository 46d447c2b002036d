-- Every order, session, refund and cent of spend is on one day of the calendar. A fact outside it would be in no
-- report.
with

kpi_daily as (select * from {{ ref('kpi_daily') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

marketing_spend_channels as (select * from {{ ref('int_marketing_spend_channels') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

kpi_totals as (
    select 'gmv' as measure, coalesce(sum(gmv), 0) as total from kpi_daily
    union all
    select 'orders' as measure, coalesce(sum(orders), 0) as total from kpi_daily
    union all
    select 'net_revenue' as measure, coalesce(sum(net_revenue), 0) as total from kpi_daily
    union all
    select 'refunds' as measure, coalesce(sum(refunds), 0) as total from kpi_daily
    union all
    select 'spend' as measure, coalesce(sum(spend), 0) as total from kpi_daily
    union all
    select 'sessions' as measure, coalesce(sum(sessions), 0) as total from kpi_daily
),

fact_totals as (
    select 'gmv' as measure, coalesce(sum(gmv), 0) as total from orders_valued where is_placed
    union all
    select 'orders' as measure, count(*) as total from orders_valued where is_valid
    union all
    select 'net_revenue' as measure, coalesce(sum(net_revenue), 0) as total from orders_valued where is_valid
    union all
    select 'refunds' as measure, coalesce(sum(goods_amount + other_amount), 0) as total
    from refunds_valued
    where is_counted
    union all
    select 'spend' as measure, coalesce(sum(spend_amount), 0) as total from marketing_spend_channels
    union all
    select 'sessions' as measure, count(*) as total from int_sessions where not is_bot
)

select
    fact_totals.measure,
    fact_totals.total as fact_total,
    kpi_totals.total as kpi_total
from fact_totals
inner join kpi_totals on kpi_totals.measure = fact_totals.measure
where kpi_totals.total <> fact_totals.total
