with

spending as (
    select * from {{ ref('int_last_year_spending') }}
),

winback_tiers as (
    select * from {{ ref('winback_tiers') }}
)

select
    spending.customer_id,
    spending.last_year_spend,
    min_by(winback_tiers.winback_tier, winback_tiers.priority) as winback_tier
from spending
inner join winback_tiers
    on {{ rule_holds('spending.last_year_spend', '>', 'winback_tiers.spend_above') }}
    and {{ rule_holds('spending.last_year_spend', '>=', 'winback_tiers.spend_from') }}
group by spending.customer_id, spending.last_year_spend
