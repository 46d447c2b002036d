with

clv_predictions as (select * from {{ ref('int_clv_predictions') }}),

clv_outcomes as (select * from {{ ref('int_clv_outcomes') }}),

clv_cutoffs as (select * from {{ ref('int_clv_cutoffs') }}),

past_predictions as (
    select
        clv_predictions.customer_id,
        clv_predictions.predicted_value,
        cast(clv_predictions.predicted_orders as decimal(18, 6)) as predicted_orders,
        coalesce(clv_outcomes.actual_orders, 0) as actual_orders,
        coalesce(clv_outcomes.actual_value, 0) as actual_value,
        clv_cutoffs.cutoff_date,
        clv_cutoffs.as_of_date
    from clv_predictions
    inner join clv_cutoffs on clv_cutoffs.cutoff_date = clv_predictions.cutoff_date
    left join clv_outcomes on clv_outcomes.customer_id = clv_predictions.customer_id
    where
        not clv_cutoffs.is_as_of
        and clv_predictions.predicted_value is not null
),

value_counts as (
    select
        predicted_value,
        count(*) as customers
    from past_predictions
    group by predicted_value
),

-- Equal predictions share a decile, so that some deciles may be missing.
lower_counts as (
    select
        predicted_value,
        coalesce(
            sum(customers) over (order by predicted_value rows between unbounded preceding and 1 preceding), 0
        ) as lower_customers,
        sum(customers) over () as all_customers
    from value_counts
),

deciles as (
    select
        predicted_value,
        cast(1 + {{ whole_quotient('10 * lower_customers', 'all_customers') }} as bigint) as decile
    from lower_counts
)

select
    deciles.decile,
    count(*) as customers,
    cast(sum(past_predictions.predicted_orders) as decimal(18, 6)) as predicted_orders,
    cast(sum(past_predictions.actual_orders) as bigint) as actual_orders,
    {{ money('sum(past_predictions.predicted_value)') }} as predicted_value,
    {{ money('sum(past_predictions.actual_value)') }} as actual_value,
    past_predictions.cutoff_date,
    past_predictions.as_of_date as horizon_end_date
from past_predictions
inner join deciles on deciles.predicted_value = past_predictions.predicted_value
group by deciles.decile, past_predictions.cutoff_date, past_predictions.as_of_date
