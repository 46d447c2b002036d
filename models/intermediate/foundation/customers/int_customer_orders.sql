with

customer_revenue_entries as (select * from {{ ref('int_customer_revenue_entries') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

dated_entries as (
    select
        customer_id,
        entry_type,
        amount,
        is_known_customer,
        entry_date,
        min(case when entry_type = 'order' then entry_date end) over (partition by customer_id) as first_order_date
    from customer_revenue_entries
),

-- `unknown` is many people: no gap or span is computed for it.
entry_totals as (
    select
        customer_id,
        is_known_customer,
        count(*) filter (where entry_type = 'order') as orders,
        {{ money("coalesce(sum(amount) filter (where entry_type = 'order'), 0)") }} as net_revenue,
        {{ money("coalesce(-sum(amount) filter (where entry_type = 'refund'), 0)") }} as goods_refund_amount,
        {{ money("coalesce(-sum(amount) filter (where entry_type = 'credit_note'), 0)") }} as credit_note_amount,
        {{ money("sum(amount)") }} as net_revenue_after_refunds,
        min(first_order_date) as first_order_date,
        min(entry_date) filter (where entry_type = 'order' and entry_date > first_order_date) as second_order_date,
        max(entry_date) filter (where entry_type = 'order') as last_order_date
    from dated_entries
    group by customer_id, is_known_customer
),

order_spans as (
    select
        entry_totals.customer_id,
        case
            when entry_totals.is_known_customer
                then {{ days_between('entry_totals.first_order_date', 'entry_totals.last_order_date') }}
        end as order_span_days,
        case
            when entry_totals.is_known_customer
                then {{ days_between('entry_totals.first_order_date', 'entry_totals.second_order_date') }}
        end as days_to_second_order,
        {{ days_between('entry_totals.first_order_date', 'stg_run_period.as_of_date') }} as days_since_first_order,
        {{ days_between('entry_totals.last_order_date', 'stg_run_period.as_of_date') }} as days_since_last_order
    from entry_totals
    cross join stg_run_period
)

select
    entry_totals.customer_id,
    entry_totals.orders,
    entry_totals.net_revenue,
    entry_totals.goods_refund_amount,
    entry_totals.credit_note_amount,
    entry_totals.net_revenue_after_refunds,
    {{ mean_amount('entry_totals.net_revenue', 'entry_totals.orders') }} as aov,
    -- The divisor is at least one month.
    case
        when entry_totals.is_known_customer and entry_totals.orders > 0
            then {{ mean_amount(
                'cast(entry_totals.net_revenue_after_refunds as decimal(28, 2)) * ' ~ months_in_month_units(1),
                'greatest('
                ~ months_in_month_units(1) ~ ', ' ~ days_in_month_units('order_spans.days_since_first_order')
                ~ ')'
            ) }}
    end as monthly_spend,
    {{ rounded_ratio('order_spans.order_span_days', 'entry_totals.orders - 1') }} as mean_order_gap_days,
    order_spans.order_span_days,
    order_spans.days_to_second_order,
    order_spans.days_since_first_order,
    order_spans.days_since_last_order,
    entry_totals.is_known_customer,
    entry_totals.first_order_date,
    entry_totals.last_order_date
from entry_totals
inner join order_spans on order_spans.customer_id = entry_totals.customer_id
