with

recommendation_lists as (select * from {{ ref('int_recommendation_lists') }}),

recommendation_outcomes as (select * from {{ ref('int_recommendation_outcomes') }}),

recommendation_products as (select * from {{ ref('int_recommendation_products') }}),

recommendation_methods as (select * from {{ ref('recommendation_methods') }}),

basket_cutoff as (select * from {{ ref('int_basket_cutoff') }}),

evaluated_customers as (
    select count(distinct customer_id) as customers from recommendation_outcomes
),

eligible_products as (
    select count(*) as products
    from recommendation_products
    where
        scope = 'backtest'
        and is_on_sale
),

method_hits as (
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
    method_hits.method,
    cast(method_hits.k as bigint) as k,
    recommendation_methods.label,
    recommendation_methods.label_zh,
    evaluated_customers.customers,
    method_hits.hits,
    method_hits.products_hit,
    method_hits.recommended_products,
    eligible_products.products,
    {{ rounded_ratio('method_hits.hits', 'evaluated_customers.customers') }} as hit_rate,
    {{ wilson_low('method_hits.hits', 'evaluated_customers.customers') }} as hit_rate_low,
    {{ wilson_high('method_hits.hits', 'evaluated_customers.customers') }} as hit_rate_high,
    {{ rounded_ratio('method_hits.products_hit', 'evaluated_customers.customers * method_hits.k') }} as hit_share,
    {{ rounded_ratio('method_hits.recommended_products', 'eligible_products.products') }} as coverage,
    recommendation_methods.is_used,
    basket_cutoff.cutoff_date
from method_hits
inner join recommendation_methods on recommendation_methods.method = method_hits.method
cross join evaluated_customers
cross join eligible_products
cross join basket_cutoff
