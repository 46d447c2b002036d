with

churn_verdicts as (
    select * from {{ ref('int_churn_verdicts') }}
)

-- Lift is the ratio of the two rates, in whole numbers until the last division.
select
    signal,
    customers,
    customers_with,
    churned_with,
    {{ rounded_ratio('churned_with', 'customers_with') }} as churn_rate_with,
    {{ wilson_low('churned_with', 'customers_with') }} as churn_rate_with_low,
    {{ wilson_high('churned_with', 'customers_with') }} as churn_rate_with_high,
    customers_without,
    churned_without,
    {{ rounded_ratio('churned_without', 'customers_without') }} as churn_rate_without,
    {{ wilson_low('churned_without', 'customers_without') }} as churn_rate_without_low,
    {{ wilson_high('churned_without', 'customers_without') }} as churn_rate_without_high,
    {{ rounded_ratio('(churned_with * customers_without)', '(customers_with * churned_without)') }} as lift,
    customers_unobserved,
    cutoff_date
from churn_verdicts
