-- Every occasion has days and a scene, and does not overlap its previous occurrence, which would count days twice.
with

calendar_occasions as (select * from {{ ref('calendar_occasions') }}),

calendar_occasion_dates as (select * from {{ ref('calendar_occasion_dates') }}),

occurrences as (
    select
        calendar_occasions.occasion,
        calendar_occasions.days_before,
        calendar_occasions.days_after,
        calendar_occasions.scene,
        calendar_occasions.scene_zh,
        calendar_occasion_dates.occasion_date,
        lag(calendar_occasion_dates.occasion_date) over (
            partition by calendar_occasions.occasion order by calendar_occasion_dates.occasion_date
        ) as previous_date
    from calendar_occasions
    left join calendar_occasion_dates on calendar_occasion_dates.occasion = calendar_occasions.occasion
),

checked_occurrences as (
    select
        occasion,
        occasion_date,
        case
            when occasion_date is null then 'no date in calendar_occasion_dates'
            when coalesce(days_before, -1) < 0 or coalesce(days_after, -1) < 0
                then 'days_before or days_after is missing or below 0'
            when scene is null or scene_zh is null then 'no scene'
            when {{ days_between('previous_date', 'occasion_date') }} <= days_before + days_after
                then 'overlaps the previous occurrence'
        end as what_is_wrong
    from occurrences
)

select
    occasion,
    occasion_date,
    what_is_wrong
from checked_occurrences
where what_is_wrong is not null
