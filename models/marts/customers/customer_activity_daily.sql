with

active_counts as (select * from {{ ref('int_active_counts') }}),

active_days as (select * from {{ ref('int_active_days') }}),

people_events as (select * from {{ ref('int_people_events') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

new_people as (
    select
        active_date,
        count(*) filter (where population = 'visitors') as new_visitors,
        count(*) filter (where population = 'customers') as new_customers
    from active_days
    where previous_active_date is null
    group by active_date
),

event_counts as (
    select
        event_date,
        count(*) filter (where event_type = 'login') as logins,
        count(*) filter (where event_type = 'add_to_wishlist') as wishlists,
        count(*) filter (where event_type = 'follow') as follows,
        count(*) filter (where event_type = 'share') as shares
    from people_events
    group by event_date
),

-- Null means that the shop does not land such data; 0 means that none happened.
counted_days as (
    select
        visitor_counts.date,
        {%- for window in ['daily', 'weekly', 'monthly'] %}
        {{ zero_if_landed(
            'visitor_counts.' ~ window ~ '_active', 'inputs_present.has_traffic'
        ) }} as {{ window }}_active,
        customer_counts.{{ window }}_active as {{ window }}_active_customers,
        {%- endfor %}
        {{ zero_if_landed('new_people.new_visitors', 'inputs_present.has_traffic') }} as new_visitors,
        coalesce(new_people.new_customers, 0) as new_customers,
        {{ zero_if_landed('event_counts.logins', 'inputs_present.has_events') }} as logins,
        {{ zero_if_landed('event_counts.wishlists', 'inputs_present.has_events') }} as wishlists,
        {{ zero_if_landed('event_counts.follows', 'inputs_present.has_events') }} as follows,
        {{ zero_if_landed('event_counts.shares', 'inputs_present.has_events') }} as shares
    from active_counts as visitor_counts
    inner join active_counts as customer_counts
        on customer_counts.date = visitor_counts.date
        and customer_counts.population = 'customers'
    cross join inputs_present
    left join new_people on new_people.active_date = visitor_counts.date
    left join event_counts on event_counts.event_date = visitor_counts.date
    where visitor_counts.population = 'visitors'
)

select
    date,
    daily_active,
    weekly_active,
    monthly_active,
    {{ rounded_ratio('daily_active', 'monthly_active') }} as stickiness,
    new_visitors,
    daily_active - new_visitors as returning_visitors,
    daily_active_customers,
    weekly_active_customers,
    monthly_active_customers,
    {{ rounded_ratio('daily_active_customers', 'monthly_active_customers') }} as customer_stickiness,
    new_customers,
    daily_active_customers - new_customers as returning_customers,
    logins,
    wishlists,
    follows,
    shares
from counted_days
