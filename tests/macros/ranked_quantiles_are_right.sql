-- Medians and ninth deciles of no value, and of one, two, ten and eleven values. A rank that is off by one would change
-- the delivery times of every group with few orders.
with

numbers as (
    select 1 as place
    union all
    select 2 as place
    union all
    select 3 as place
    union all
    select 4 as place
    union all
    select 5 as place
    union all
    select 6 as place
    union all
    select 7 as place
    union all
    select 8 as place
    union all
    select 9 as place
    union all
    select 10 as place
    union all
    select 11 as place
),

group_sizes as (
    select 0 as number, cast(null as integer) as doubled_median, cast(null as integer) as ninth_decile
    union all
    select 1 as number, 200 as doubled_median, 100 as ninth_decile
    union all
    select 2 as number, 300 as doubled_median, 200 as ninth_decile
    union all
    select 10 as number, 1100 as doubled_median, 900 as ninth_decile
    union all
    select 11 as number, 1200 as doubled_median, 1000 as ninth_decile
),

-- Every group has eleven rows; those past its size have no value.
quantile_ranks as (
    select
        group_sizes.number,
        group_sizes.doubled_median,
        group_sizes.ninth_decile,
        numbers.place,
        case when numbers.place <= group_sizes.number then 100 * numbers.place end as measured
    from group_sizes
    cross join numbers
),

computed as (
    select
        number,
        doubled_median,
        ninth_decile,
        {{ doubled_median('measured', 'place', 'number') }} as actual_median,
        {{ doubled_median_of('measured') }} as actual_unranked_median,
        {{ ranked_quantile('measured', 'place', 'number', 9, 10) }} as actual_decile
    from quantile_ranks
    group by number, doubled_median, ninth_decile
)

select *
from computed
where
    actual_median is distinct from doubled_median
    or actual_unranked_median is distinct from doubled_median
    or actual_decile is distinct from ninth_decile
