with

shopper_measures as (
    select * from {{ ref('int_shopper_measures') }}
),

shopper_type_rules as (
    select * from {{ ref('shopper_type_rules') }}
),

measured as (
    {%- for measure in shopper_measures() %}
    select person_id, '{{ measure }}' as measure, cast({{ measure }} as decimal(18, 4)) as measured
    from shopper_measures
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- How far the way from `none_at` to `full_at` a person has come, whichever of the two is larger.
ways as (
    select
        measured.person_id,
        shopper_type_rules.shopper_type,
        shopper_type_rules.weight,
        least(
            greatest(
                case
                    when shopper_type_rules.full_at > shopper_type_rules.none_at
                        then measured.measured - shopper_type_rules.none_at
                    else shopper_type_rules.none_at - measured.measured
                end,
                0
            ),
            abs(shopper_type_rules.full_at - shopper_type_rules.none_at)
        ) as way_gone,
        abs(shopper_type_rules.full_at - shopper_type_rules.none_at) as way
    from shopper_type_rules
    inner join measured on measured.measure = shopper_type_rules.measure
),

points as (
    select
        person_id,
        shopper_type,
        weight,
        -- What is not known speaks for no type.
        weight * coalesce({{ exact_ratio('way_gone', 'way') }}, 0) as points
    from ways
)

select
    person_id,
    shopper_type,
    cast({{ exact_ratio('100 * sum(points)', 'sum(weight)') }} as decimal(9, 4)) as score
from points
group by person_id, shopper_type
