with

int_customer_rfm as (select * from {{ ref('int_customer_rfm') }}),

rfm_dates as (select * from {{ ref('int_rfm_dates') }})

select
    int_customer_rfm.customer_id,
    int_customer_rfm.rfm_cell,
    int_customer_rfm.rfm_segment,
    int_customer_rfm.rfm_value_class,
    int_customer_rfm.customer_tier,
    int_customer_rfm.recency_days,
    int_customer_rfm.frequency,
    int_customer_rfm.monetary,
    int_customer_rfm.net_revenue,
    int_customer_rfm.r_score,
    int_customer_rfm.f_score,
    int_customer_rfm.m_score
from int_customer_rfm
inner join rfm_dates on rfm_dates.rfm_date = int_customer_rfm.rfm_date
where rfm_dates.is_as_of
