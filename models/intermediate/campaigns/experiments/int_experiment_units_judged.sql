with

exposures as (
    select * from {{ ref('int_experiment_exposures') }}
),

-- What a unit sees from the end on, when all get the winner, changes nothing that is counted.
seen_variants as (
    select
        experiment_id,
        unit_id,
        count(*) as exposures,
        count(distinct case when not is_after_end then variant end) as variants_seen
    from exposures
    group by experiment_id, unit_id
)

select
    exposures.experiment_id,
    exposures.unit_id,
    exposures.unit_type,
    exposures.variant,
    case
        when not exposures.is_known_experiment then 'unknown_experiment'
        when exposures.is_before_start or exposures.is_after_end then 'outside_period'
        when seen_variants.variants_seen > 1 then 'several_variants'
        when not exposures.is_known_variant then 'unknown_variant'
    end as exclusion_reason,
    seen_variants.exposures,
    seen_variants.variants_seen,
    exposures.is_known_variant and not exposures.is_before_start and not exposures.is_after_end as is_dealt,
    exposures.assigned_at
from exposures
inner join seen_variants
    on seen_variants.experiment_id = exposures.experiment_id
    and seen_variants.unit_id = exposures.unit_id
where exposures.exposure_number = 1
