with

basket_items as (
    select * from {{ ref('int_basket_items') }}
),

basket_cutoff as (
    select * from {{ ref('int_basket_cutoff') }}
),

customer_products as (
    select
        basket_items.item as product_id,
        basket_items.customer_id,
        count(distinct basket_items.order_date) as days,
        count(
            distinct case when basket_items.order_date < basket_cutoff.cutoff_date then basket_items.order_date end
        ) as training_days
    from basket_items
    cross join basket_cutoff
    where
        basket_items.level = 'product'
        and basket_items.customer_id <> 'unknown'
    group by basket_items.item, basket_items.customer_id
)

{% for scope, days in [('as_of', 'days'), ('backtest', 'training_days')] -%}
select
    '{{ scope }}' as scope,
    product_id,
    count(*) as buyers,
    count(case when {{ days }} > 1 then 1 end) as repeat_buyers
from customer_products
where {{ days }} > 0
group by product_id
{{ "union all" if not loop.last }}
{% endfor %}
