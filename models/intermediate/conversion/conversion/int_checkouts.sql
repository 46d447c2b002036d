with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

flagged_events as (
    select
        session_id,
        payment_methods_offered,
        promised_delivery_days,
        is_page_view and page_type in ('checkout', 'payment') as is_checkout_page,
        event_type in ('begin_checkout', 'buy_now') as is_checkout_begun,
        occurred_at
    from visit_events
),

checkout_events as (
    select
        session_id,
        count(case when is_checkout_page then 1 end) as pages,
        max(payment_methods_offered) as payment_methods_offered,
        max(promised_delivery_days) as promised_delivery_days,
        min(case when is_checkout_page or is_checkout_begun then occurred_at end) as started_at
    from flagged_events
    where
        is_checkout_page
        or is_checkout_begun
        or payment_methods_offered is not null
        or promised_delivery_days is not null
    group by session_id
),

begun_checkouts as (
    select
        checkout_events.session_id,
        coalesce(int_sessions.platform, 'unknown') as platform,
        checkout_events.pages,
        checkout_events.payment_methods_offered,
        checkout_events.promised_delivery_days,
        coalesce(session_outcomes.last_order_at >= checkout_events.started_at, false) as is_ordered,
        coalesce(session_outcomes.last_view_at > checkout_events.started_at, false) as is_followed_by_view,
        int_sessions.session_month
    from checkout_events
    inner join int_sessions on int_sessions.session_id = checkout_events.session_id
    inner join session_outcomes on session_outcomes.session_id = checkout_events.session_id
    where checkout_events.started_at is not null
),

-- Only checkouts that led to an order show the full length: a visitor who gives up early has seen few pages.
checkout_lengths as (
    select
        session_month,
        platform,
        cast(percentile_disc(0.5) within group (order by pages) as bigint) as steps
    from begun_checkouts
    where is_ordered
    group by session_month, platform
)

select
    begun_checkouts.session_id,
    begun_checkouts.platform,
    begun_checkouts.pages,
    checkout_lengths.steps,
    begun_checkouts.payment_methods_offered,
    begun_checkouts.promised_delivery_days,
    -- Without any promise in the data, promises may not be tracked.
    count(begun_checkouts.promised_delivery_days) over () > 0 as promises_are_tracked,
    begun_checkouts.is_ordered,
    not begun_checkouts.is_ordered and not begun_checkouts.is_followed_by_view as is_exit,
    begun_checkouts.session_month
from begun_checkouts
left join checkout_lengths
    on checkout_lengths.session_month = begun_checkouts.session_month
    and checkout_lengths.platform = begun_checkouts.platform
