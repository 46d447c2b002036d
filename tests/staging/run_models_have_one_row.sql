-- Nearly every model joins these two by `cross join`. Without a row all models are empty; with two, amounts are
-- doubled.
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
