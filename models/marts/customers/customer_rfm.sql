with

customer_rfm as (
    select * from {{ ref('int_customer_rfm') }}
),

rfm_dates as (
    select * from {{ ref('int_rfm_dates') }}
)

select
    customer_rfm.customer_id,
    customer_rfm.rfm_cell,
    customer_rfm.rfm_segment,
    customer_rfm.rfm_value_class,
    customer_rfm.customer_tier,
    customer_rfm.recency_days,
    customer_rfm.frequency,
    customer_rfm.monetary,
    customer_rfm.net_revenue,
    customer_rfm.r_score,
    customer_rfm.f_score,
    customer_rfm.m_score
from customer_rfm
inner join rfm_dates on rfm_dates.rfm_date = customer_rfm.rfm_date
where rfm_dates.is_as_of
