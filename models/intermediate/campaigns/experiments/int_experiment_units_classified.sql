with

experiment_exposures as (select * from {{ ref('int_experiment_exposures') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

-- Known before any outcome and whatever the variant, so leaving them out of the split cannot hide a fault of it.
bot_units as (
    select 'visitor' as unit_type, visitor_id as unit_id
    from int_sessions
    group by visitor_id
    having bool_and(is_bot)
    union all
    select 'customer' as unit_type, customer_id as unit_id
    from int_sessions
    where customer_id is not null
    group by customer_id
    having bool_and(is_bot)
),

-- Exposures at or after the end do not count, because every unit may get the winner then.
seen_variants as (
    select
        experiment_id,
        unit_id,
        count(*) as exposures,
        count(distinct case when not is_after_end then variant end) as variants_seen
    from experiment_exposures
    group by experiment_id, unit_id
)

select
    experiment_exposures.experiment_id,
    experiment_exposures.unit_id,
    experiment_exposures.unit_type,
    experiment_exposures.variant,
    case
        when not experiment_exposures.is_known_experiment then 'unknown_experiment'
        when bot_units.unit_id is not null then 'bot'
        when experiment_exposures.is_before_start or experiment_exposures.is_after_end then 'outside_period'
        when seen_variants.variants_seen > 1 then 'several_variants'
        when not experiment_exposures.is_known_variant then 'unknown_variant'
    end as exclusion_reason,
    seen_variants.exposures,
    seen_variants.variants_seen,
    experiment_exposures.is_known_variant
    and bot_units.unit_id is null
    and not experiment_exposures.is_before_start
    and not experiment_exposures.is_after_end as is_in_split,
    experiment_exposures.assigned_at
from experiment_exposures
inner join seen_variants
    on seen_variants.experiment_id = experiment_exposures.experiment_id
    and seen_variants.unit_id = experiment_exposures.unit_id
left join bot_units
    on bot_units.unit_type = experiment_exposures.unit_type
    and bot_units.unit_id = experiment_exposures.unit_id
where experiment_exposures.exposure_number = 1
