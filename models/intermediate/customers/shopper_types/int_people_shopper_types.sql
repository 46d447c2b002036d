with

shopper_type_measures as (select * from {{ ref('int_shopper_type_measures') }}),

shopper_type_rules as (select * from {{ ref('shopper_type_rules') }}),

shopper_types as (select * from {{ ref('shopper_types') }}),

measured as (
    {%- for measure in shopper_type_measures() %}
    select person_id, '{{ measure }}' as measure, cast({{ measure }} as decimal(18, 4)) as measured
    from shopper_type_measures
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Part of the distance from `none_at` to `full_at`. Either of the two may be the larger.
ramps as (
    select
        measured.person_id,
        shopper_type_rules.shopper_type,
        shopper_type_rules.weight,
        measured.measured,
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
        ) as covered_distance,
        abs(shopper_type_rules.full_at - shopper_type_rules.none_at) as full_distance
    from shopper_type_rules
    inner join measured on measured.measure = shopper_type_rules.measure
),

-- An unknown measure adds no points. A type of which no measure is known has no score.
points as (
    select
        person_id,
        shopper_type,
        weight,
        case
            when measured is not null then weight * {{ exact_ratio('covered_distance', 'full_distance') }}
        end as points
    from ramps
),

scores as (
    select
        person_id,
        shopper_type,
        cast({{ exact_ratio('100 * sum(points)', 'sum(weight)') }} as decimal(9, 4)) as score
    from points
    group by person_id, shopper_type
),

-- A tie goes to the type with the smaller priority.
ranked_scores as (
    select
        scores.person_id,
        scores.shopper_type,
        row_number() over (
            partition by scores.person_id
            order by scores.score desc, shopper_types.priority
        ) as score_rank
    from scores
    inner join shopper_types on shopper_types.shopper_type = scores.shopper_type
    where scores.score >= shopper_types.score_from
)

select
    scores.person_id,
    {%- for type in shopper_types() %}
    max(scores.score) filter (where scores.shopper_type = '{{ type }}') as {{ type }}_score,
    {%- endfor %}
    coalesce(max(ranked_scores.shopper_type), 'undecided') as shopper_type
from scores
left join ranked_scores
    on ranked_scores.person_id = scores.person_id
    and ranked_scores.score_rank = 1
group by scores.person_id
