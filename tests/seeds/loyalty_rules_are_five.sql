-- A part without a row, or a weight below 0, would change the meaning of every loyalty score.
select
    count(distinct part) as parts,
    min(weight) as smallest_weight,
    sum(weight) as weight,
    max(points_per_complaint) as points_per_complaint
from {{ ref('loyalty_rules') }}
having
    count(distinct part) <> {{ loyalty_parts() | length }}
    or count(weight) <> {{ loyalty_parts() | length }}
    or min(weight) < 0
    or sum(weight) = 0
    or coalesce(max(points_per_complaint), 0) < 0
    or max(points_per_complaint) is null
