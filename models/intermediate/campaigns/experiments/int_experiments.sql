with

stg_experiment_variants as (select * from {{ ref('stg_experiment_variants') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- An attribute of the whole experiment is null if its variants disagree. If a variant has no end, the experiment has
-- no end.
plans as (
    select
        experiment_id,
        case when min(unit_type) = max(unit_type) then min(unit_type) end as unit_type,
        case when min(campaign_id) = max(campaign_id) then min(campaign_id) end as campaign_id,
        min(case when is_control then variant end) as first_control_variant,
        count(*) as variants,
        cast(sum(case when is_control then 1 else 0 end) as bigint) as controls,
        min(started_at) as started_at,
        case when count(ended_at) = count(*) then max(ended_at) end as ended_at
    from stg_experiment_variants
    group by experiment_id
)

select
    plans.experiment_id,
    plans.unit_type,
    plans.campaign_id,
    case when plans.controls = 1 then plans.first_control_variant end as control_variant,
    case
        when plans.unit_type is null then 'unclear_unit_type'
        when plans.ended_at <= plans.started_at then 'ends_before_start'
        when plans.variants = 1 then 'one_variant'
        when plans.controls = 0 then 'no_control'
        when plans.controls > 1 then 'several_controls'
    end as design_fault,
    plans.variants,
    coalesce(plans.ended_at <= stg_run_period.as_of_end_at, false) as is_over,
    plans.started_at,
    plans.ended_at,
    least(coalesce(plans.ended_at, stg_run_period.as_of_end_at), stg_run_period.as_of_end_at) as observed_until_at
from plans
cross join stg_run_period
