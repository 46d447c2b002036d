with

clv_histories as (
    select * from {{ ref('int_clv_histories') }}
)

select
    repeat_days,
    recency_days,
    age_days,
    count(*) as customers,
    cutoff_date
from clv_histories
group by cutoff_date, repeat_days, recency_days, age_days
