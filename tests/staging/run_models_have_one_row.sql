-- Nearly every model joins these two by `cross join`: without a row all are empty, with two every amount is doubled.
with

row_counts as (
    select 'stg_run_period' as model_name, count(*) as row_count from {{ ref('stg_run_period') }}
    union all
    select 'int_inputs_present' as model_name, count(*) as row_count from {{ ref('int_inputs_present') }}
)

select
    model_name,
    row_count
from row_counts
where row_count <> 1
