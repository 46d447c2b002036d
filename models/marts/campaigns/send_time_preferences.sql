with

group_hours as (select * from {{ ref('int_group_hours') }}),

best_send_windows as (select * from {{ ref('int_best_send_windows') }}),

message_tracking as (select * from {{ ref('int_message_tracking') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

-- Measures that the shop never lands are null. is_best_window is null in a group without sessions and orders.
classified_hours as (
    select
        group_hours.gender,
        group_hours.age_band,
        group_hours.local_hour as hour,
        case when inputs_present.has_traffic then group_hours.sessions end as sessions,
        case when inputs_present.has_orders then group_hours.orders end as orders,
        case when message_tracking.has_messages then group_hours.delivered end as delivered,
        case when message_tracking.has_opens then group_hours.opened end as opened,
        best_send_windows.start_hour as best_window_start_hour,
        group_hours.local_hour in (best_send_windows.start_hour, (best_send_windows.start_hour + 1) % 24)
        as is_best_window
    from group_hours
    cross join message_tracking
    cross join inputs_present
    left join best_send_windows
        on best_send_windows.gender = group_hours.gender
        and best_send_windows.age_band = group_hours.age_band
),

group_totals as (
    select
        gender,
        age_band,
        cast(sum(sessions) as bigint) as group_sessions,
        cast(sum(orders) as bigint) as group_orders,
        cast(sum(delivered) filter (where is_best_window) as bigint) as delivered_inside,
        cast(sum(opened) filter (where is_best_window) as bigint) as opened_inside,
        cast(sum(delivered) filter (where not is_best_window) as bigint) as delivered_outside,
        cast(sum(opened) filter (where not is_best_window) as bigint) as opened_outside
    from classified_hours
    group by gender, age_band
)

select
    classified_hours.gender,
    classified_hours.age_band,
    classified_hours.hour,
    classified_hours.sessions,
    group_totals.group_sessions,
    {{ rounded_ratio('classified_hours.sessions', 'group_totals.group_sessions') }} as activity_share,
    classified_hours.orders,
    group_totals.group_orders,
    {{ rounded_ratio('classified_hours.orders', 'group_totals.group_orders') }} as orders_share,
    classified_hours.best_window_start_hour,
    classified_hours.delivered,
    classified_hours.opened,
    {{ rounded_ratio('classified_hours.opened', 'classified_hours.delivered') }} as open_rate,
    group_totals.delivered_inside,
    group_totals.opened_inside,
    {{ rounded_ratio('group_totals.opened_inside', 'group_totals.delivered_inside') }} as open_rate_inside,
    group_totals.delivered_outside,
    group_totals.opened_outside,
    {{ rounded_ratio('group_totals.opened_outside', 'group_totals.delivered_outside') }} as open_rate_outside,
    classified_hours.is_best_window
from classified_hours
inner join group_totals
    on group_totals.gender = classified_hours.gender
    and group_totals.age_band = classified_hours.age_band
