{%- set has_items = 'inputs_present.has_order_items' -%}
{%- set has_payments = 'inputs_present.has_payments' -%}
with

gift_card_movements as (select * from {{ ref('int_gift_card_movements') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

first_movement as (
    select min(movement_date) as first_date from gift_card_movements
),

gift_card_days as (
    select {{ each_day('first_movement.first_date', 'stg_run_period.as_of_date') }} as date
    from first_movement
    cross join stg_run_period
    where first_movement.first_date is not null
),

-- Months without a movement are rows, so that what is outstanding has no gap.
gift_card_months as (
    select distinct {{ month_of('date') }} as month
    from gift_card_days
),

monthly_movements as (
    select
        {{ month_of('movement_date') }} as month,
        {%- for movement in ['sold', 'refunded', 'redeemed', 'credited'] %}
        sum(case when movement = '{{ movement }}' then amount else 0 end) as {{ movement }}_amount
        {{- "," if not loop.last }}
        {%- endfor %}
    from gift_card_movements
    group by {{ month_of('movement_date') }}
),

running_movements as (
    select
        gift_card_months.month,
        {%- for movement in ['sold', 'refunded', 'redeemed', 'credited'] %}
        coalesce(monthly_movements.{{ movement }}_amount, 0) as {{ movement }}_amount,
        {%- endfor %}
        sum(coalesce(
            monthly_movements.sold_amount - monthly_movements.refunded_amount
            - monthly_movements.redeemed_amount + monthly_movements.credited_amount, 0
        )) over (order by gift_card_months.month rows between unbounded preceding and current row)
        as outstanding_amount
    from gift_card_months
    left join monthly_movements on monthly_movements.month = gift_card_months.month
)

select
    case when {{ has_items }} then {{ money('running_movements.sold_amount') }} end as sold_amount,
    case when {{ has_items }} then {{ money('running_movements.refunded_amount') }} end as refunded_amount,
    case when {{ has_payments }} then {{ money('running_movements.redeemed_amount') }} end as redeemed_amount,
    case when {{ has_payments }} then {{ money('running_movements.credited_amount') }} end as credited_amount,
    case
        when {{ has_items }} and {{ has_payments }} then {{ money('running_movements.outstanding_amount') }}
    end as outstanding_amount,
    running_movements.month
from running_movements
cross join inputs_present
