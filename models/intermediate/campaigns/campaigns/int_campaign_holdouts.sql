{%- set sums = {
    'buyers': 'bigint', 'orders': 'decimal(24, 2)', 'orders_squared': 'decimal(38, 4)', 'revenue': 'decimal(24, 2)',
    'revenue_squared': 'decimal(38, 4)'
} -%}
{%- set arms = {'treated': 'not experiment_arms.is_control', 'holdout': 'experiment_arms.is_control'} -%}
with

experiments as (select * from {{ ref('int_experiments') }}),

experiment_arms as (select * from {{ ref('int_experiment_arms') }}),

experiment_splits as (select * from {{ ref('int_experiment_splits') }}),

experiment_rules as (select * from {{ ref('experiment_rules') }}),

-- Of several holdouts of a campaign, take the one that ended last. Experiments with a faulty plan or a broken split
-- are left out, because their result is not valid.
ranked_experiments as (
    select
        experiments.campaign_id,
        experiments.experiment_id,
        row_number() over (
            partition by experiments.campaign_id order by experiments.ended_at desc, experiments.experiment_id
        ) as holdout_rank
    from experiments
    cross join experiment_rules
    inner join experiment_splits on experiment_splits.experiment_id = experiments.experiment_id
    where
        experiments.campaign_id is not null
        and experiments.is_over
        and experiments.design_fault is null
        and coalesce(experiment_splits.srm_p_value >= experiment_rules.srm_significance, true)
)

-- All variants but the control are treated: together they are the campaign. A sound plan has both.
select
    ranked_experiments.campaign_id,
    ranked_experiments.experiment_id,
    {%- for arm, condition in arms.items() %}
    cast(sum(experiment_arms.units) filter (where {{ condition }}) as bigint) as {{ arm }}_units,
    {%- set last_arm = loop.last %}
    {%- for column, type in sums.items() %}
    cast(sum(experiment_arms.{{ column }}) filter (where {{ condition }}) as {{ type }}) as {{ arm }}_{{ column }}
    {{- "," if not (loop.last and last_arm) }}
    {%- endfor %}
    {%- endfor %}
from ranked_experiments
inner join experiment_arms on experiment_arms.experiment_id = ranked_experiments.experiment_id
where ranked_experiments.holdout_rank = 1
group by ranked_experiments.campaign_id, ranked_experiments.experiment_id
