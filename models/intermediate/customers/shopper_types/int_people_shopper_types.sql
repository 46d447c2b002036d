with

shopper_scores as (
    select * from {{ ref('int_shopper_scores') }}
),

shopper_types as (
    select * from {{ ref('shopper_types') }}
),

-- Equal scores: the type that the seed puts first.
ranked_scores as (
    select
        shopper_scores.person_id,
        shopper_scores.shopper_type,
        row_number() over (
            partition by shopper_scores.person_id
            order by shopper_scores.score desc, shopper_types.priority
        ) as score_rank
    from shopper_scores
    inner join shopper_types on shopper_types.shopper_type = shopper_scores.shopper_type
    where shopper_scores.score >= shopper_types.score_from
)

select
    shopper_scores.person_id,
    {%- for type in shopper_types() %}
    max(shopper_scores.score) filter (where shopper_scores.shopper_type = '{{ type }}') as {{ type }}_score,
    {%- endfor %}
    coalesce(max(ranked_scores.shopper_type), 'undecided') as shopper_type
from shopper_scores
left join ranked_scores
    on ranked_scores.person_id = shopper_scores.person_id
    and ranked_scores.score_rank = 1
group by shopper_scores.person_id
