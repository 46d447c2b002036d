with

stg_reviews as (select * from {{ ref('stg_reviews') }})

select
    product_id,
    count(*) as reviews,
    {{ rounded_ratio('sum(rating)', 'count(*)') }} as rating
from stg_reviews
where product_id is not null
group by product_id
