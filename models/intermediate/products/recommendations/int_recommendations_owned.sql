with

recommendation_profiles as (select * from {{ ref('int_recommendation_profiles') }}),

recommendation_products as (select * from {{ ref('int_recommendation_products') }})

select
    recommendation_profiles.scope,
    recommendation_profiles.customer_id,
    recommendation_profiles.item as product_id,
    recommendation_profiles.order_share as repeat_chance,
    recommendation_profiles.days,
    recommendation_profiles.days > 1
    or coalesce(recommendation_products.is_replenishable, false) as is_replenishable,
    recommendation_profiles.last_order_date
from recommendation_profiles
left join recommendation_products
    on recommendation_products.scope = recommendation_profiles.scope
    and recommendation_products.product_id = recommendation_profiles.item
where recommendation_profiles.level = 'product'
