with

churn_scores as (
    select * from {{ ref('int_churn_scores') }}
)

select
    customer_id,
    churn_risk
from churn_scores
where is_as_of
