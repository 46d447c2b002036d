-- A backtest on other than the active customers would measure every signal wrongly. At every cut-off, customers_with,
-- customers_without and customers_unobserved must add up to the active customers, counted here from orders.
with

churn_signal_backtest as (select * from {{ ref('churn_signal_backtest') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

churn_definition as (select * from {{ ref('churn_definition') }}),

cutoffs as (
    select distinct cutoff_date from churn_signal_backtest
),

active_customers as (
    select
        cutoffs.cutoff_date,
        count(distinct orders_valued.customer_id) as customers
    from cutoffs
    cross join churn_definition
    inner join orders_valued
        on orders_valued.order_date <= cutoffs.cutoff_date
        and {{ days_between('orders_valued.order_date', 'cutoffs.cutoff_date') }} < churn_definition.active_days
    where orders_valued.is_valid and orders_valued.is_known_customer
    group by cutoffs.cutoff_date
)

select
    churn_signal_backtest.signal,
    churn_signal_backtest.cutoff_date
from churn_signal_backtest
left join active_customers on active_customers.cutoff_date = churn_signal_backtest.cutoff_date
where
    churn_signal_backtest.customers <> coalesce(active_customers.customers, 0)
    or churn_signal_backtest.customers <> churn_signal_backtest.customers_with
    + churn_signal_backtest.customers_without + churn_signal_backtest.customers_unobserved
    or churn_signal_backtest.churned_with > churn_signal_backtest.customers_with
    or churn_signal_backtest.churned_without > churn_signal_backtest.customers_without
