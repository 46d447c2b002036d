with

feedback as (select * from {{ ref('int_feedback') }}),

review_aspects as (select * from {{ ref('int_review_aspects') }}),

int_customers as (select * from {{ ref('int_customers') }}),

customer_ages as (select * from {{ ref('int_customer_ages') }}),

int_customer_rfm as (select * from {{ ref('int_customer_rfm') }}),

-- A review counts once as a whole (overall) and once for every aspect that its text mentions.
feedback_aspects as (
    select source, source_id, aspect from feedback
    union all
    select 'review' as source, review_id as source_id, aspect from review_aspects
)

-- The tier is that of the previous month end, so that behaviour after the answer does not affect the group.
select
    feedback_aspects.source,
    feedback_aspects.source_id,
    feedback_aspects.aspect,
    feedback.survey_type,
    feedback.sales_channel,
    coalesce(int_customers.gender, 'unknown') as gender,
    coalesce(customer_ages.age_band, 'unknown') as age_band,
    case
        when coalesce(feedback.customer_id, 'unknown') = 'unknown' then 'unknown'
        else coalesce(int_customer_rfm.customer_tier, 'none')
    end as customer_tier,
    feedback.satisfaction_band,
    feedback.score,
    feedback.invited_date,
    feedback.feedback_month
from feedback_aspects
inner join feedback
    on feedback.source = feedback_aspects.source and feedback.source_id = feedback_aspects.source_id
left join int_customers on int_customers.customer_id = feedback.customer_id
left join customer_ages on customer_ages.customer_id = feedback.customer_id
left join int_customer_rfm
    on int_customer_rfm.customer_id = feedback.customer_id
    and int_customer_rfm.rfm_date = cast({{ dbt.dateadd('day', -1, 'feedback.feedback_month') }} as date)
where feedback.feedback_month is not null
