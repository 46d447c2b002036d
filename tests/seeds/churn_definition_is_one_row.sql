-- A second row would double every customer. Thresholds below one day or fewer than three cut-offs cannot be tested.
with

churn_definition as (select * from {{ ref('churn_definition') }})

select
    count(*) as definitions,
    min(active_days) as active_days,
    min(churn_days) as churn_days,
    min(backtest_cutoffs) as backtest_cutoffs
from churn_definition
having
    count(*) <> 1
    or coalesce(min(active_days), 0) < 1
    or coalesce(min(churn_days), 0) < 1
    or coalesce(min(backtest_cutoffs), 0) < 3
