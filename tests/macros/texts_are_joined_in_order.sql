-- Texts are joined in the order of the given column, and equal texts are kept. Another order would be another path.
with

touches as (
    select
        10 as touch_number,
        'email' as channel
    union all
    select
        2 as touch_number,
        'direct' as channel
    union all
    select
        1 as touch_number,
        'email' as channel
),

paths as (
    select {{ joined_in_order('channel', 'touch_number', ' > ') }} as path from touches
)

select path
from paths
where path <> 'email > direct > email'
