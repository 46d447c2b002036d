-- Without all three weights every affinity score would be null.
with

preference_weights as (select * from {{ ref('preference_weights') }}),

totals as (
    select
        count(distinct signal) as signals,
        count(points) as weights,
        min(points) as least_points,
        max(points) as most_points
    from preference_weights
)

select
    signals,
    weights,
    least_points,
    most_points
from totals
where
    signals <> 3
    or weights <> 3
    or least_points < 0
    or most_points <= 0
