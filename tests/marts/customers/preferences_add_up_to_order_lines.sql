-- Revenue missing from preferences, or counted twice, would rank the wrong category or brand first.
with

customer_preferences as (select * from {{ ref('customer_preferences') }}),

order_items as (select * from {{ ref('order_items') }}),

sold_lines as (
    {%- for kind in ['category', 'brand'] %}
    select customer_id, '{{ kind }}' as kind, {{ kind }} as preference, net_revenue as spend
    from order_items
    where is_valid and is_sold_goods and customer_id <> 'unknown' and {{ kind }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

sold as (
    select
        customer_id,
        kind,
        preference,
        sum(spend) as spend
    from sold_lines
    group by customer_id, kind, preference
),

preferred as (
    select
        customer_id,
        kind,
        value,
        spend
    from customer_preferences
    where orders > 0
)

select
    coalesce(sold.customer_id, preferred.customer_id) as customer_id,
    coalesce(sold.kind, preferred.kind) as kind,
    coalesce(sold.preference, preferred.value) as preference,
    sold.spend as spend_on_lines,
    preferred.spend
from sold
full outer join preferred
    on preferred.customer_id = sold.customer_id
    and preferred.kind = sold.kind
    and preferred.value = sold.preference
where sold.spend is distinct from preferred.spend
