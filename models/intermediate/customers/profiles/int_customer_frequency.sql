{%- set window_days = var('rfm_window_days', 365) -%}
with

customer_orders as (select * from {{ ref('int_customer_orders') }}),

int_customer_rfm as (select * from {{ ref('int_customer_rfm') }}),

frequency_bands as (select * from {{ ref('frequency_bands') }}),

customer_rules as (select * from {{ ref('customer_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- At least `min_frequency_months`, at most the window. Time is in whole units of a month, so that rates are compared
-- with bounds exactly.
customer_windows as (
    select
        customer_orders.customer_id,
        coalesce(int_customer_rfm.frequency, 0) as window_orders,
        greatest(
            {{ months_in_month_units('customer_rules.min_frequency_months') }},
            {{ days_in_month_units('least(' ~ window_days ~ ', customer_orders.days_since_first_order)') }}
        ) as month_units
    from customer_orders
    cross join stg_run_period
    cross join customer_rules
    left join int_customer_rfm
        on int_customer_rfm.customer_id = customer_orders.customer_id
        and int_customer_rfm.rfm_date = stg_run_period.as_of_date
    where
        customer_orders.orders > 0
        and customer_orders.is_known_customer
)

select
    customer_windows.customer_id,
    min_by(frequency_bands.frequency_band, frequency_bands.priority) as frequency_band,
    customer_windows.window_orders,
    {{ rounded_ratio('customer_windows.month_units', months_in_month_units(1)) }} as window_months,
    {{ rounded_ratio(months_in_month_units('customer_windows.window_orders'), 'customer_windows.month_units') }}
    as orders_per_month
from customer_windows
inner join frequency_bands
    on {{ rule_holds(
        months_in_month_units('customer_windows.window_orders'), '>=',
        'frequency_bands.orders_per_month_from * customer_windows.month_units'
    ) }}
    and {{ rule_holds(
        months_in_month_units('3 * customer_windows.window_orders'), '<=',
        'frequency_bands.orders_per_quarter_to * customer_windows.month_units'
    ) }}
group by customer_windows.customer_id, customer_windows.window_orders, customer_windows.month_units
