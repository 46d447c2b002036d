with

preference_signals as (select * from {{ ref('int_preference_signals') }}),

preference_rhythms as (select * from {{ ref('int_preference_rhythms') }}),

preference_weights as (select * from {{ ref('preference_weights') }}),

weights as (
    select
        max(points) filter (where signal = 'view') as view_points,
        max(points) filter (where signal = 'cart') as cart_points,
        max(points) filter (where signal = 'order') as order_points
    from preference_weights
),

scored_signals as (
    select
        preference_signals.customer_id,
        preference_signals.kind,
        preference_signals.preference,
        preference_signals.views,
        preference_signals.carts,
        preference_signals.orders,
        preference_signals.spend,
        preference_signals.gross_amount,
        preference_signals.discount_amount,
        coalesce(preference_signals.views, 0) * weights.view_points
        + coalesce(preference_signals.carts, 0) * weights.cart_points
        + coalesce(preference_signals.orders, 0) * weights.order_points as points
    from preference_signals
    cross join weights
),

-- A tie in points is ordered by more spend, then more orders, then the smaller name, so that ranks are unique.
ranked_signals as (
    select
        customer_id,
        kind,
        preference,
        views,
        carts,
        orders,
        spend,
        gross_amount,
        discount_amount,
        points,
        sum(points) over (partition by customer_id, kind) as all_points,
        row_number() over (
            partition by customer_id, kind
            order by points desc, spend desc, orders desc, preference
        ) as preference_rank
    from scored_signals
)

select
    ranked_signals.customer_id,
    ranked_signals.kind,
    ranked_signals.preference as value,
    ranked_signals.views,
    ranked_signals.carts,
    ranked_signals.orders,
    ranked_signals.spend,
    {{ rounded_ratio('100 * ranked_signals.points', 'ranked_signals.all_points') }} as affinity_score,
    ranked_signals.preference_rank,
    ranked_signals.gross_amount,
    ranked_signals.discount_amount,
    {{ rounded_ratio('ranked_signals.discount_amount', 'ranked_signals.gross_amount') }} as discount_share,
    preference_rhythms.median_gap_days,
    preference_rhythms.median_decision_days
from ranked_signals
left join preference_rhythms
    on preference_rhythms.customer_id = ranked_signals.customer_id
    and preference_rhythms.kind = ranked_signals.kind
    and preference_rhythms.preference = ranked_signals.preference
