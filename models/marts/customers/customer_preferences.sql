with

signals as (
    select * from {{ ref('int_preference_signals') }}
),

preference_rhythms as (
    select * from {{ ref('int_preference_rhythms') }}
),

preference_weights as (
    select * from {{ ref('preference_weights') }}
),

weights as (
    select
        max(points) filter (where signal = 'view') as view_points,
        max(points) filter (where signal = 'cart') as cart_points,
        max(points) filter (where signal = 'order') as order_points
    from preference_weights
),

weighed as (
    select
        signals.customer_id,
        signals.kind,
        signals.preference,
        signals.views * weights.view_points
        + signals.carts * weights.cart_points
        + signals.orders * weights.order_points as points
    from signals
    cross join weights
),

compared as (
    select
        customer_id,
        kind,
        preference,
        points,
        sum(points) over (partition by customer_id, kind) as all_points
    from weighed
)

-- As many points: more money, then more orders, then the smaller name.
select
    signals.customer_id,
    signals.kind,
    signals.preference as value,
    signals.views,
    signals.carts,
    signals.orders,
    signals.spend,
    {{ rounded_ratio('100 * compared.points', 'compared.all_points') }} as affinity_score,
    row_number() over (
        partition by signals.customer_id, signals.kind
        order by compared.points desc, signals.spend desc, signals.orders desc, signals.preference
    ) as preference_rank,
    signals.gross_amount,
    signals.discount_amount,
    {{ rounded_ratio('signals.discount_amount', 'signals.gross_amount') }} as discount_share,
    preference_rhythms.median_gap_days,
    preference_rhythms.median_decision_days
from signals
inner join compared
    on compared.customer_id = signals.customer_id
    and compared.kind = signals.kind
    and compared.preference = signals.preference
left join preference_rhythms
    on preference_rhythms.customer_id = signals.customer_id
    and preference_rhythms.kind = signals.kind
    and preference_rhythms.preference = signals.preference
