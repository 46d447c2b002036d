-- Without its one row no customer would have a score, a frequency band or a win-back tier; with two rows every customer
-- would have two. Five scores need five customers.
with

customer_rules as (select * from {{ ref('customer_rules') }})

select
    count(*) as rules,
    min(min_scored_customers) as min_scored_customers,
    min(min_frequency_months) as min_frequency_months,
    min(winback_spend_days) as winback_spend_days,
    'expected one row with 5 customers, 1 month and 1 day or more' as what_is_wrong
from customer_rules
having
    count(*) <> 1
    or coalesce(min(min_scored_customers) < 5, true)
    or coalesce(min(min_frequency_months) < 1, true)
    or coalesce(min(winback_spend_days) < 1, true)
