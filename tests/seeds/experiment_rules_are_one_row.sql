-- experiment_rules is one row of possible thresholds. Otherwise no experiment has a verdict.
with

experiment_rules as (select * from {{ ref('experiment_rules') }}),

possible_rules as (
    select
        case
            when
                significance > 0 and significance < 1
                and power > 0 and power < 1
                and srm_significance > 0 and srm_significance < 1
                and min_buyers >= 0
                and smallest_relative_lift > 0
                then 1
            else 0
        end as is_possible
    from experiment_rules
)

select
    count(*) as rules,
    sum(is_possible) as possible_rules,
    'expected one row of possible thresholds' as what_is_wrong
from possible_rules
having count(*) <> 1 or sum(is_possible) <> 1
