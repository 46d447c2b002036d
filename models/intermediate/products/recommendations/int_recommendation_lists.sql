with

recommendation_scores as (select * from {{ ref('int_recommendation_scores') }}),

recommendation_methods as (select * from {{ ref('recommendation_methods') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }}),

weighted_scores as (
    select
        recommendation_scores.scope,
        recommendation_methods.method,
        recommendation_scores.customer_id,
        recommendation_scores.product_id,
        cast(
            recommendation_methods.repeat_weight * recommendation_scores.repeat_chance
            + recommendation_methods.related_weight * recommendation_scores.related_chance
            + recommendation_methods.category_weight * recommendation_scores.category_chance
            + recommendation_methods.popular_weight * recommendation_scores.popular_chance as decimal(18, 9)
        ) as score,
        recommendation_scores.popularity_rank
    from recommendation_scores
    cross join recommendation_methods
    where recommendation_scores.scope = 'backtest' or recommendation_methods.is_used
),

-- Ties in score are ordered by popularity.
ranked_recommendations as (
    select
        scope,
        method,
        customer_id,
        product_id,
        score,
        row_number() over (
            partition by scope, method, customer_id order by score desc, popularity_rank
        ) as list_rank
    from weighted_scores
)

select
    ranked_recommendations.scope,
    ranked_recommendations.method,
    ranked_recommendations.customer_id,
    ranked_recommendations.product_id,
    ranked_recommendations.list_rank,
    ranked_recommendations.score
from ranked_recommendations
cross join recommendation_rules
where ranked_recommendations.list_rank <= recommendation_rules.list_products
