with

customer_rfm_measures as (select * from {{ ref('int_customer_rfm_measures') }}),

customer_rules as (select * from {{ ref('customer_rules') }}),

{{ five_scores('r', 'customer_rfm_measures', 'recency_days', by='rfm_date', rules='customer_rules', best='lowest') }},

{{ five_scores('f', 'customer_rfm_measures', 'frequency', by='rfm_date', rules='customer_rules') }},

{{ five_scores('m', 'customer_rfm_measures', 'monetary', by='rfm_date', rules='customer_rules') }},

sums as (
    select
        rfm_date,
        count(*) as customers,
        cast(sum(recency_days) as bigint) as recency_days,
        cast(sum(frequency) as bigint) as frequency,
        cast(sum(monetary) as decimal(38, 2)) as monetary
    from customer_rfm_measures
    group by rfm_date
)

select
    customer_rfm_measures.customer_id,
    customer_rfm_measures.recency_days,
    customer_rfm_measures.frequency,
    customer_rfm_measures.monetary,
    customer_rfm_measures.net_revenue,
    r_scores.score as r_score,
    f_scores.score as f_score,
    m_scores.score as m_score,
    -- Compare with the mean without a division: value x customers against the sum.
    customer_rfm_measures.recency_days * sums.customers <= sums.recency_days as is_recent,
    customer_rfm_measures.frequency * sums.customers >= sums.frequency as is_frequent,
    cast(customer_rfm_measures.monetary as decimal(28, 2)) * sums.customers >= sums.monetary as is_high_value,
    customer_rfm_measures.rfm_date
from customer_rfm_measures
-- Every customer has a row in each. Outer joins keep the engine from joining the scores of a date with each other
-- first, which multiplies them.
left join sums on sums.rfm_date = customer_rfm_measures.rfm_date
left join r_scores
    on r_scores.rfm_date = customer_rfm_measures.rfm_date
    and r_scores.recency_days = customer_rfm_measures.recency_days
left join f_scores
    on f_scores.rfm_date = customer_rfm_measures.rfm_date
    and f_scores.frequency = customer_rfm_measures.frequency
left join m_scores
    on m_scores.rfm_date = customer_rfm_measures.rfm_date
    and m_scores.monetary = customer_rfm_measures.monetary
