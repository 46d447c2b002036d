with

clv_histories as (select * from {{ ref('int_clv_histories') }}),

clv_rhythm_predictions as (select * from {{ ref('int_clv_rhythm_predictions') }}),

clv_fits as (select * from {{ ref('int_clv_fits') }}),

-- The expected order value is the customer's mean over repeat purchases above 0, shrunk towards the population's. It is
-- 0 for a customer all of whose repeat purchases were worth 0 or less.
order_values as (
    select
        clv_histories.customer_id,
        clv_histories.cutoff_date,
        clv_rhythm_predictions.probability_alive,
        clv_rhythm_predictions.predicted_orders,
        clv_rhythm_predictions.discounted_orders,
        case
            when clv_fits.bg_nbd_status <> 'fitted' then 'bg_nbd_' || clv_fits.bg_nbd_status
            when clv_fits.gamma_gamma_status <> 'fitted' then 'gamma_gamma_' || clv_fits.gamma_gamma_status
            else 'fitted'
        end as model_status,
        case
            when clv_fits.gamma_gamma_status <> 'fitted' then null
            when clv_histories.repeat_days > 0 and clv_histories.positive_repeat_days = 0 then cast(0 as double)
            else
                clv_fits.p * (clv_fits.v + cast(clv_histories.positive_repeat_value as double))
                / (clv_fits.p * clv_histories.positive_repeat_days + clv_fits.q - 1)
        end as order_value
    from clv_histories
    inner join clv_fits on clv_fits.cutoff_date = clv_histories.cutoff_date
    left join clv_rhythm_predictions
        on clv_rhythm_predictions.cutoff_date = clv_histories.cutoff_date
        and clv_rhythm_predictions.repeat_days = clv_histories.repeat_days
        and clv_rhythm_predictions.recency_days = clv_histories.recency_days
        and clv_rhythm_predictions.age_days = clv_histories.age_days
)

select
    customer_id,
    model_status,
    probability_alive,
    predicted_orders,
    cast(order_value as decimal(18, 2)) as predicted_order_value,
    cast(predicted_orders * order_value as decimal(18, 2)) as predicted_value,
    cast(discounted_orders * order_value as decimal(18, 2)) as predicted_clv,
    cutoff_date
from order_values
