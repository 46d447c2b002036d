with

input_pieces as (select * from {{ ref('int_input_pieces') }}),

bounded_pieces as (
    select
        input,
        first_date,
        last_date,
        cast({{ dbt.dateadd('day', 1, 'last_date') }} as date) as outage_first_date,
        cast({{ dbt.dateadd(
            'day', -1, 'lead(first_date) over (partition by input order by first_date)'
        ) }} as date) as outage_last_date
    from input_pieces
),

piece_days as (
    select input, false as is_outage, last_date, {{ each_day('first_date', 'last_date') }} as date from bounded_pieces
    union all
    select input, true as is_outage, null as last_date, {{ each_day('outage_first_date', 'outage_last_date') }} as date
    from bounded_pieces
    where outage_last_date is not null
),

shop_spans as (
    select
        min(first_row_date) as first_row_date,
        max(last_row_date) as last_row_date,
        {{ month_of('min(first_date)') }} as first_date,
        max(last_date) as last_date,
        cast(max(case when input = 'spend' then half_silence_days end) as integer) as spend_shift_days,
        count(case when input = 'traffic' then 1 end) > 0 as has_traffic
    from input_pieces
),

shop_days as (
    select
        first_row_date,
        last_row_date,
        spend_shift_days,
        has_traffic,
        {{ each_day('first_date', 'last_date') }} as date
    from shop_spans
),

-- The channel of an order is known by its visit where the shop lands visits at all.
input_flags as (
    select
        shop_days.date,
        shop_days.spend_shift_days,
        max(case when piece_days.input = 'orders' then piece_days.last_date end) as orders_last_date,
        count(case when piece_days.input = 'orders' and not piece_days.is_outage then 1 end) > 0 as is_orders_day,
        count(case when piece_days.input = 'orders' and piece_days.is_outage then 1 end) > 0 as is_orders_outage,
        count(case when piece_days.input = 'traffic' and not piece_days.is_outage then 1 end) > 0 as is_traffic_day,
        count(case when piece_days.input = 'traffic' and piece_days.is_outage then 1 end) > 0 as is_traffic_outage,
        count(case when piece_days.input <> 'traffic' and not piece_days.is_outage then 1 end) = 2 as is_roi_day,
        shop_days.has_traffic,
        shop_days.date between shop_days.first_row_date and shop_days.last_row_date as has_shop_data
    from shop_days
    left join piece_days on piece_days.date = shop_days.date
    group by
        shop_days.date, shop_days.spend_shift_days, shop_days.has_traffic, shop_days.first_row_date,
        shop_days.last_row_date
),

flagged_days as (
    select
        date,
        spend_shift_days,
        orders_last_date,
        is_orders_day,
        is_orders_outage,
        is_traffic_outage,
        is_roi_day,
        is_roi_day and (is_traffic_day or not has_traffic) as is_channel_day,
        has_shop_data
    from input_flags
)

-- A row of spend counts on the middle of the days that it stands for.
select
    flagged_days.is_orders_day,
    flagged_days.is_orders_outage,
    flagged_days.is_traffic_outage,
    flagged_days.is_roi_day,
    coalesce(middle_days.is_roi_day, false) as is_roi_spend_day,
    flagged_days.is_channel_day,
    coalesce(middle_days.is_channel_day, false) as is_channel_spend_day,
    min(case when flagged_days.has_shop_data then cast(flagged_days.is_channel_day as integer) else 1 end)
        over (partition by {{ month_of('flagged_days.date') }}) = 1 as is_channel_month,
    flagged_days.date,
    flagged_days.orders_last_date
from flagged_days
left join flagged_days as middle_days
    on middle_days.date = cast({{ dbt.dateadd('day', 'flagged_days.spend_shift_days', 'flagged_days.date') }} as date)
