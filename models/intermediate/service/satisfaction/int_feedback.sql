with

customer_merges as (select * from {{ ref('int_customer_merges') }}),

stg_survey_responses as (select * from {{ ref('stg_survey_responses') }}),

stg_reviews as (select * from {{ ref('stg_reviews') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

satisfaction_bands as (select * from {{ ref('satisfaction_bands') }}),

-- A survey without an aspect is about the shop as a whole. Reviews have no invitation.
entries as (
    select
        'survey' as source,
        response_id as source_id,
        customer_id as account_id,
        order_id,
        survey_type,
        coalesce(aspect, 'overall') as aspect,
        score,
        {{ local_date('invited_at') }} as invited_date,
        case when score is not null then coalesce(responded_at, invited_at) end as answered_at
    from stg_survey_responses
    where survey_type is not null
    union all
    select
        'review' as source,
        review_id as source_id,
        customer_id as account_id,
        order_id,
        'rating' as survey_type,
        'overall' as aspect,
        rating as score,
        cast(null as date) as invited_date,
        reviewed_at as answered_at
    from stg_reviews
)

-- Feedback without a customer belongs to the customer of its order. It counts in the month of the invitation.
select
    entries.source,
    entries.source_id,
    coalesce(customer_merges.customer_id, orders_valued.customer_id) as customer_id,
    entries.survey_type,
    entries.aspect,
    coalesce(orders_valued.sales_channel, 'unknown') as sales_channel,
    satisfaction_bands.satisfaction_band,
    entries.score,
    satisfaction_bands.day_priority,
    entries.invited_date,
    {{ local_date('entries.answered_at') }} as answered_date,
    {{ month_of('coalesce(entries.invited_date, ' ~ local_date('entries.answered_at') ~ ')') }} as feedback_month,
    entries.answered_at
from entries
left join customer_merges on customer_merges.account_id = entries.account_id
left join orders_valued on orders_valued.order_id = entries.order_id
left join satisfaction_bands
    on satisfaction_bands.survey_type = entries.survey_type
    and satisfaction_bands.score_from <= entries.score
    and {{ rule_holds('entries.score', '<', 'satisfaction_bands.score_below') }}
