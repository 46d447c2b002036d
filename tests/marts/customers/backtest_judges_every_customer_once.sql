-- The backtest is about everybody who had bought by the cut-off: leaving out who never came back would flatter the
-- model.
with

backtest as (
    select
        cutoff_date,
        sum(customers) as customers,
        sum(actual_orders) as actual_orders
    from {{ ref('clv_backtest') }}
    group by cutoff_date
),

histories as (
    select
        cutoff_date,
        count(*) as customers
    from {{ ref('int_clv_histories') }}
    group by cutoff_date
),

outcomes as (
    select
        clv_outcomes.cutoff_date,
        sum(clv_outcomes.actual_orders) as actual_orders
    from {{ ref('int_clv_outcomes') }} as clv_outcomes
    inner join {{ ref('int_clv_histories') }} as clv_histories
        on clv_histories.customer_id = clv_outcomes.customer_id
        and clv_histories.cutoff_date = clv_outcomes.cutoff_date
    group by clv_outcomes.cutoff_date
)

select backtest.cutoff_date
from backtest
inner join histories on histories.cutoff_date = backtest.cutoff_date
left join outcomes on outcomes.cutoff_date = backtest.cutoff_date
where
    backtest.customers <> histories.customers
    or backtest.actual_orders <> coalesce(outcomes.actual_orders, 0)
