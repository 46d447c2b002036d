with

preference_counts as (
    select * from {{ ref('int_preference_counts') }}
),

preference_purchases as (
    select * from {{ ref('int_preference_purchases') }}
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
    coalesce(preference_counts.customer_id, purchase_totals.customer_id) as customer_id,
    coalesce(preference_counts.kind, purchase_totals.kind) as kind,
    coalesce(preference_counts.preference, purchase_totals.preference) as preference,
    coalesce(preference_counts.views, 0) as views,
    coalesce(preference_counts.carts, 0) as carts,
    coalesce(purchase_totals.orders, 0) as orders,
    {{ money('coalesce(purchase_totals.spend, 0)') }} as spend,
    {{ money('coalesce(purchase_totals.gross_amount, 0)') }} as gross_amount,
    {{ money('coalesce(purchase_totals.discount_amount, 0)') }} as discount_amount
from preference_counts
full outer join purchase_totals
    on purchase_totals.customer_id = preference_counts.customer_id
    and purchase_totals.kind = preference_counts.kind
    and purchase_totals.preference = preference_counts.preference
