with

churn_order_states as (select * from {{ ref('int_churn_order_states') }}),

churn_cutoffs as (select * from {{ ref('int_churn_cutoffs') }}),

churn_definition as (select * from {{ ref('churn_definition') }}),

-- A past cut-off covers the customers active then. The as-of date also covers lapsed customers, for win-back.
states_at_cutoffs as (
    select
        churn_order_states.customer_id,
        churn_order_states.order_number as orders,
        churn_order_states.recent_orders,
        churn_order_states.recent_net_revenue,
        churn_order_states.earlier_net_revenue,
        {{ days_between('churn_order_states.order_date', 'churn_cutoffs.cutoff_date') }} as days_since_last_order,
        {{ days_between('churn_cutoffs.cutoff_date', 'churn_order_states.next_order_date') }} as days_to_next_order,
        churn_cutoffs.is_as_of,
        churn_cutoffs.cutoff_date,
        churn_order_states.order_date as last_order_date,
        churn_order_states.ordered_at as last_ordered_at
    from churn_order_states
    cross join churn_definition
    inner join churn_cutoffs
        on churn_cutoffs.cutoff_date >= churn_order_states.order_date
        and (
            churn_cutoffs.cutoff_date < churn_order_states.next_order_date
            or churn_order_states.next_order_date is null
        )
    where
        churn_cutoffs.is_as_of
        or {{ days_between('churn_order_states.order_date', 'churn_cutoffs.cutoff_date') }}
        < churn_definition.active_days
),

-- Twice a median of whole days is a whole number, so that everything computed from it is exact.
own_gaps as (
    select
        states_at_cutoffs.customer_id,
        states_at_cutoffs.cutoff_date,
        cast(2 * median(churn_order_states.gap_days) as bigint) as gap_half_days
    from states_at_cutoffs
    inner join churn_order_states
        on churn_order_states.customer_id = states_at_cutoffs.customer_id
        and churn_order_states.next_order_date <= states_at_cutoffs.cutoff_date
    group by states_at_cutoffs.customer_id, states_at_cutoffs.cutoff_date
),

shop_gaps as (
    select
        churn_cutoffs.cutoff_date,
        cast(2 * median(churn_order_states.gap_days) as bigint) as gap_half_days
    from churn_cutoffs
    inner join churn_order_states on churn_order_states.next_order_date <= churn_cutoffs.cutoff_date
    group by churn_cutoffs.cutoff_date
)

select
    states_at_cutoffs.customer_id,
    states_at_cutoffs.orders,
    states_at_cutoffs.recent_orders,
    states_at_cutoffs.recent_net_revenue,
    states_at_cutoffs.earlier_net_revenue,
    states_at_cutoffs.days_since_last_order,
    coalesce(own_gaps.gap_half_days, shop_gaps.gap_half_days) as gap_half_days,
    case when shop_gaps.cutoff_date is not null then own_gaps.cutoff_date is not null end as is_own_gap,
    states_at_cutoffs.days_since_last_order < churn_definition.active_days as is_active,
    case
        when not states_at_cutoffs.is_as_of
            then coalesce(states_at_cutoffs.days_to_next_order > churn_definition.churn_days, true)
    end as is_churned,
    states_at_cutoffs.is_as_of,
    states_at_cutoffs.cutoff_date,
    states_at_cutoffs.last_order_date,
    states_at_cutoffs.last_ordered_at
from states_at_cutoffs
cross join churn_definition
left join shop_gaps on shop_gaps.cutoff_date = states_at_cutoffs.cutoff_date
left join own_gaps
    on own_gaps.customer_id = states_at_cutoffs.customer_id
    and own_gaps.cutoff_date = states_at_cutoffs.cutoff_date
