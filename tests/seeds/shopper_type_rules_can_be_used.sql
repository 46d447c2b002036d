-- A rule for a type or measure that does not exist, or that cannot be met, would silently assign the type to no one.
with

shopper_types as (select * from {{ ref('shopper_types') }}),

shopper_type_rules as (select * from {{ ref('shopper_type_rules') }}),

expected_types as (
    {%- for type in shopper_types() + ['undecided'] %}
    select '{{ type }}' as shopper_type
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

checked_types as (
    select
        coalesce(expected_types.shopper_type, shopper_types.shopper_type) as shopper_type,
        cast(null as {{ dbt.type_string() }}) as measure,
        case
            when shopper_types.shopper_type is null then 'the type has no row in shopper_types'
            when expected_types.shopper_type is null then 'no such type'
            when shopper_types.priority is null then 'priority is missing'
            when
                shopper_types.shopper_type <> 'undecided'
                and coalesce(shopper_types.score_from not between 0 and 100, true)
                then 'score_from must lie between 0 and 100'
        end as what_is_wrong
    from expected_types
    full outer join shopper_types on shopper_types.shopper_type = expected_types.shopper_type
),

checked_rules as (
    select
        shopper_type,
        measure,
        case
            when shopper_type is null or shopper_type not in ('{{ shopper_types() | join("', '") }}')
                then 'no such type, or none that has rules'
            when measure is null or measure not in ('{{ shopper_type_measures() | join("', '") }}')
                then 'no such measure'
            when coalesce(weight, 0) < 1 then 'weight must be 1 or more'
            when none_at is null or full_at is null then 'none_at and full_at are both needed'
            when none_at = full_at then 'empty range: none_at and full_at must differ'
        end as what_is_wrong
    from shopper_type_rules
)

select shopper_type, measure, what_is_wrong
from checked_types
where what_is_wrong is not null
union all
select shopper_type, measure, what_is_wrong
from checked_rules
where what_is_wrong is not null
