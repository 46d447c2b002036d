with

recommendation_lists as (
    select * from {{ ref('int_recommendation_lists') }}
),

recommendation_outcomes as (
    select * from {{ ref('int_recommendation_outcomes') }}
),

recommendation_products as (
    select * from {{ ref('int_recommendation_products') }}
),

recommendation_methods as (
    select * from {{ ref('recommendation_methods') }}
),

basket_cutoff as (
    select * from {{ ref('int_basket_cutoff') }}
),

populations as (
    select count(distinct customer_id) as customers from recommendation_outcomes
),

products_on_sale as (
    select count(*) as products
    from recommendation_products
    where
        scope = 'backtest'
        and is_on_sale
),

tallies as (
    {%- for k in [5, 10] %}
    select
        recommendation_lists.method,
        {{ k }} as k,
        count(distinct recommendation_outcomes.customer_id) as hits,
        count(recommendation_outcomes.product_id) as products_hit,
        count(distinct recommendation_lists.product_id) as recommended_products
    from recommendation_lists
    left join recommendation_outcomes
        on recommendation_outcomes.customer_id = recommendation_lists.customer_id
        and recommendation_outcomes.product_id = recommendation_lists.product_id
    where
        recommendation_lists.scope = 'backtest'
        and recommendation_lists.list_rank <= {{ k }}
    group by recommendation_lists.method
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    tallies.method,
    cast(tallies.k as bigint) as k,
    recommendation_methods.label,
    recommendation_methods.label_zh,
    populations.customers,
    tallies.hits,
    tallies.products_hit,
    tallies.recommended_products,
    products_on_sale.products,
    {{ rounded_ratio('tallies.hits', 'populations.customers') }} as hit_rate,
    {{ wilson_low('tallies.hits', 'populations.customers') }} as hit_rate_low,
    {{ wilson_high('tallies.hits', 'populations.customers') }} as hit_rate_high,
    {{ rounded_ratio('tallies.products_hit', 'populations.customers * tallies.k') }} as hit_share,
    {{ rounded_ratio('tallies.recommended_products', 'products_on_sale.products') }} as coverage,
    recommendation_methods.is_used,
    basket_cutoff.cutoff_date
from tallies
inner join recommendation_methods on recommendation_methods.method = tallies.method
cross join populations
cross join products_on_sale
cross join basket_cutoff
