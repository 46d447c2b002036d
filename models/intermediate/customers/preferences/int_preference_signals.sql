with

preference_views as (select * from {{ ref('int_preference_views') }}),

preference_purchases as (select * from {{ ref('int_preference_purchases') }}),

view_totals as (
    select
        customer_id,
        kind,
        preference,
        cast(sum(case when is_view then events else 0 end) as bigint) as views,
        cast(sum(case when is_view then 0 else events end) as bigint) as carts
    from preference_views
    group by customer_id, kind, preference
),

purchase_totals as (
    select
        customer_id,
        kind,
        preference,
        count(*) as orders,
        sum(spend) as spend,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount
    from preference_purchases
    group by customer_id, kind, preference
)

select
    coalesce(view_totals.customer_id, purchase_totals.customer_id) as customer_id,
    coalesce(view_totals.kind, purchase_totals.kind) as kind,
    coalesce(view_totals.preference, purchase_totals.preference) as preference,
    coalesce(view_totals.views, 0) as views,
    coalesce(view_totals.carts, 0) as carts,
    coalesce(purchase_totals.orders, 0) as orders,
    {{ money('coalesce(purchase_totals.spend, 0)') }} as spend,
    {{ money('coalesce(purchase_totals.gross_amount, 0)') }} as gross_amount,
    {{ money('coalesce(purchase_totals.discount_amount, 0)') }} as discount_amount
from view_totals
full outer join purchase_totals
    on purchase_totals.customer_id = view_totals.customer_id
    and purchase_totals.kind = view_totals.kind
    and purchase_totals.preference = view_totals.preference
