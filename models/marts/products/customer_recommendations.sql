with

recommendation_lists as (select * from {{ ref('int_recommendation_lists') }}),

recommendation_scores as (select * from {{ ref('int_recommendation_scores') }}),

recommendations_owned as (select * from {{ ref('int_recommendations_owned') }}),

stg_products as (select * from {{ ref('stg_products') }}),

-- The first reason that holds is the strongest: own purchases, then related products, then own categories.
explained_products as (
    select
        recommendation_lists.customer_id,
        recommendation_lists.list_rank,
        recommendation_lists.product_id,
        recommendation_scores.anchor_product_id,
        recommendation_scores.days_bought,
        recommendation_lists.score,
        recommendation_scores.repeat_chance,
        recommendation_scores.related_chance,
        recommendation_scores.category_chance,
        recommendation_scores.popular_chance,
        recommendation_scores.last_order_date,
        case
            when recommendation_scores.days_bought > 0 then 'bought_before'
            when recommendation_scores.related_chance > 0 then 'bought_with'
            when recommendation_scores.category_chance > 0 then 'popular_in_category'
            else 'popular'
        end as reason_type
    from recommendation_lists
    inner join recommendation_scores
        on recommendation_scores.scope = recommendation_lists.scope
        and recommendation_scores.customer_id = recommendation_lists.customer_id
        and recommendation_scores.product_id = recommendation_lists.product_id
    where recommendation_lists.scope = 'as_of'
)

select
    explained_products.customer_id,
    explained_products.list_rank as rank,
    explained_products.product_id,
    products.product_name,
    products.category,
    explained_products.reason_type,
    {{ recommendation_reason('en') }} as reason,
    {{ recommendation_reason('zh') }} as reason_zh,
    case when explained_products.reason_type = 'bought_with' then explained_products.anchor_product_id end
    as anchor_product_id,
    explained_products.days_bought,
    {{ rounded_double('cast(explained_products.score as double)') }} as score,
    {{ rounded_double('cast(explained_products.repeat_chance as double)') }} as repeat_chance,
    {{ rounded_double('cast(explained_products.related_chance as double)') }} as related_chance,
    case
        when products.category is not null
            then {{ rounded_double('cast(explained_products.category_chance as double)') }}
    end as category_chance,
    {{ rounded_double('cast(explained_products.popular_chance as double)') }} as popular_chance,
    explained_products.last_order_date
from explained_products
left join stg_products as products on products.product_id = explained_products.product_id
left join stg_products as anchors on anchors.product_id = explained_products.anchor_product_id
left join recommendations_owned as anchor_purchases
    on anchor_purchases.scope = 'as_of'
    and anchor_purchases.customer_id = explained_products.customer_id
    and anchor_purchases.product_id = explained_products.anchor_product_id
