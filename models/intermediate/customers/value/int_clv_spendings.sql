with

clv_histories as (
    select * from {{ ref('int_clv_histories') }}
)

select
    positive_repeat_days as repeat_days,
    positive_repeat_value as repeat_value,
    count(*) as customers,
    cutoff_date
from clv_histories
where positive_repeat_days > 0
group by cutoff_date, positive_repeat_days, positive_repeat_value
