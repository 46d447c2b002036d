with

group_hours as (select * from {{ ref('int_group_hours') }}),

-- Hours wrap around midnight: after 23 comes 0.
two_hours as (
    select
        first_hours.gender,
        first_hours.age_band,
        first_hours.local_hour as start_hour,
        first_hours.sessions + second_hours.sessions as sessions,
        first_hours.orders + second_hours.orders as orders
    from group_hours as first_hours
    inner join group_hours as second_hours
        on second_hours.gender = first_hours.gender
        and second_hours.age_band = first_hours.age_band
        and second_hours.local_hour = (first_hours.local_hour + 1) % 24
),

-- Rank by sessions, then by orders, which also decide in a group without sessions, then by the earlier hour.
ranked_windows as (
    select
        gender,
        age_band,
        start_hour,
        sessions,
        orders,
        row_number() over (
            partition by gender, age_band order by sessions desc, orders desc, start_hour
        ) as window_rank
    from two_hours
)

select
    gender,
    age_band,
    start_hour,
    sessions,
    orders
from ranked_windows
where window_rank = 1 and sessions + orders > 0
