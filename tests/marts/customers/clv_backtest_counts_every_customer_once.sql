-- The backtest must cover every customer with an order by the cut-off. Without customers who never came back, the
-- model would look better than it is.
with

backtest_totals as (
    select
        cutoff_date,
        sum(customers) as customers,
        sum(actual_orders) as actual_orders
    from {{ ref('clv_backtest') }}
    group by cutoff_date
),

known_customers as (
    select
        cutoff_date,
        count(*) as customers
    from {{ ref('int_clv_histories') }}
    group by cutoff_date
),

known_outcomes as (
    select
        clv_outcomes.cutoff_date,
        sum(clv_outcomes.actual_orders) as actual_orders
    from {{ ref('int_clv_outcomes') }} as clv_outcomes
    inner join {{ ref('int_clv_histories') }} as clv_histories
        on clv_histories.customer_id = clv_outcomes.customer_id
        and clv_histories.cutoff_date = clv_outcomes.cutoff_date
    group by clv_outcomes.cutoff_date
)

select backtest_totals.cutoff_date
from backtest_totals
inner join known_customers on known_customers.cutoff_date = backtest_totals.cutoff_date
left join known_outcomes on known_outcomes.cutoff_date = backtest_totals.cutoff_date
where
    backtest_totals.customers <> known_customers.customers
    or backtest_totals.actual_orders <> coalesce(known_outcomes.actual_orders, 0)
