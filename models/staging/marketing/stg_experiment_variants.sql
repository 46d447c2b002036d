with

base_experiment_variants as (select * from {{ ref('base_experiment_variants') }})

select
    base_experiment_variants.experiment_id,
    base_experiment_variants.variant,
    base_experiment_variants.is_control,
    base_experiment_variants.planned_share,
    base_experiment_variants.unit_type,
    base_experiment_variants.campaign_id,
    base_experiment_variants.started_at,
    base_experiment_variants.ended_at
from base_experiment_variants
where base_experiment_variants.is_current
