with

base_reviews as (select * from {{ ref('base_reviews') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_reviews.review_id,
    base_reviews.order_id,
    base_reviews.product_id,
    base_reviews.customer_id,
    base_reviews.rating,
    base_reviews.review_text,
    base_reviews.reviewed_at
from base_reviews
cross join stg_run_period
where
    base_reviews.is_current
    and base_reviews.reviewed_at < stg_run_period.as_of_end_at
