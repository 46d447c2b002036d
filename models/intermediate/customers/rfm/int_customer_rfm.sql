with

customer_rfm_scores as (select * from {{ ref('int_customer_rfm_scores') }}),

rfm_segments as (select * from {{ ref('rfm_segments') }}),

rfm_value_classes as (select * from {{ ref('rfm_value_classes') }}),

customer_tier_rules as (select * from {{ ref('customer_tier_rules') }}),

-- Match the ranges with at most 125 cells; customers are then joined to cells by equality.
cells as (
    select distinct r_score, f_score, m_score from customer_rfm_scores
),

cell_segments as (
    select
        cells.r_score,
        cells.f_score,
        cells.m_score,
        rfm_segments.rfm_segment
    from cells
    inner join rfm_segments
        on cells.r_score between rfm_segments.r_score_from and rfm_segments.r_score_to
        and cells.f_score between rfm_segments.f_score_from and rfm_segments.f_score_to
        and cells.m_score between rfm_segments.m_score_from and rfm_segments.m_score_to
),

tiers as (
    select
        customer_rfm_scores.customer_id,
        customer_rfm_scores.rfm_date,
        min_by(customer_tier_rules.customer_tier, customer_tier_rules.priority) as customer_tier
    from customer_rfm_scores
    inner join customer_tier_rules
        on {{ rule_holds('customer_rfm_scores.recency_days', '>', 'customer_tier_rules.recency_days_above') }}
        and {{ rule_holds('customer_rfm_scores.recency_days', '<=', 'customer_tier_rules.recency_days_to') }}
        and {{ rule_holds('customer_rfm_scores.frequency', '>=', 'customer_tier_rules.frequency_from') }}
        and {{ rule_holds('customer_rfm_scores.frequency', '<=', 'customer_tier_rules.frequency_to') }}
        and {{ rule_holds('customer_rfm_scores.monetary', '>=', 'customer_tier_rules.monetary_from') }}
        and {{ rule_holds('customer_rfm_scores.monetary', '<', 'customer_tier_rules.monetary_below') }}
    group by customer_rfm_scores.customer_id, customer_rfm_scores.rfm_date
)

select
    customer_rfm_scores.customer_id,
    cast(
        100 * customer_rfm_scores.r_score + 10 * customer_rfm_scores.f_score + customer_rfm_scores.m_score
        as {{ dbt.type_string() }}
    ) as rfm_cell,
    cell_segments.rfm_segment,
    rfm_value_classes.rfm_value_class,
    tiers.customer_tier,
    customer_rfm_scores.recency_days,
    customer_rfm_scores.frequency,
    customer_rfm_scores.monetary,
    customer_rfm_scores.net_revenue,
    customer_rfm_scores.r_score,
    customer_rfm_scores.f_score,
    customer_rfm_scores.m_score,
    customer_rfm_scores.rfm_date
from customer_rfm_scores
inner join tiers
    on tiers.customer_id = customer_rfm_scores.customer_id
    and tiers.rfm_date = customer_rfm_scores.rfm_date
inner join rfm_value_classes
    on rfm_value_classes.is_recent = customer_rfm_scores.is_recent
    and rfm_value_classes.is_frequent = customer_rfm_scores.is_frequent
    and rfm_value_classes.is_high_value = customer_rfm_scores.is_high_value
left join cell_segments
    on cell_segments.r_score = customer_rfm_scores.r_score
    and cell_segments.f_score = customer_rfm_scores.f_score
    and cell_segments.m_score = customer_rfm_scores.m_score
