-- A model without its shares or half-life would credit nothing and lose the revenue of every order.
with

attribution_models as (select * from {{ ref('attribution_models') }}),

markov_models as (
    select count(*) as models from attribution_models where method = 'markov'
)

select
    attribution_models.model,
    attribution_models.method,
    attribution_models.first_percent,
    attribution_models.last_percent,
    attribution_models.half_life_days,
    attribution_models.ignores_direct
from attribution_models
cross join markov_models
where
    attribution_models.ignores_direct is null
    or (
        attribution_models.method = 'position'
        and (
            coalesce(attribution_models.first_percent, -1) not between 0 and 100
            or coalesce(attribution_models.last_percent, -1) not between 0 and 100
            or attribution_models.first_percent + attribution_models.last_percent not between 1 and 100
        )
    )
    or (attribution_models.method = 'time_decay' and coalesce(attribution_models.half_life_days, 0) <= 0)
    or (attribution_models.method = 'markov' and (attribution_models.ignores_direct or markov_models.models > 1))
