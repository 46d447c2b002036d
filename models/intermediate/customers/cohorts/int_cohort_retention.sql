{%- set sums = ['orders', 'costed_orders', 'net_revenue', 'covered_net_revenue', 'covered_gross_margin'] -%}
with

cohort_cells as (select * from {{ ref('int_cohort_cells') }}),

cohort_activity as (select * from {{ ref('int_cohort_activity') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

-- A month without orders is 0. A month that has not begun is null.
observed as (
    select
        cohort_cells.acquisition_channel,
        cohort_cells.months_since,
        cohort_cells.cohort_customers,
        case when cohort_cells.is_observed then cohort_cells.cohort_customers end as eligible_customers,
        {%- for column in ['active_customers'] + sums %}
        {{ zero_if_landed('cohort_activity.' ~ column, 'cohort_cells.is_observed') }} as {{ column }},
        {%- endfor %}
        cohort_cells.is_complete,
        cohort_cells.cohort_month,
        cohort_cells.activity_month
    from cohort_cells
    left join cohort_activity
        on cohort_activity.cohort_month = cohort_cells.cohort_month
        and cohort_activity.acquisition_channel = cohort_cells.acquisition_channel
        and cohort_activity.months_since = cohort_cells.months_since
),

accumulated as (
    select
        cohort_month,
        acquisition_channel,
        months_since,
        {%- for column in sums %}
        sum({{ column }}) over (
            partition by cohort_month, acquisition_channel order by months_since
            rows between unbounded preceding and current row
        ) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from observed
    where eligible_customers is not null
)

select
    observed.acquisition_channel,
    observed.months_since,
    observed.cohort_customers,
    observed.eligible_customers,
    observed.active_customers,
    case
        when observed.is_complete
            then {{ rounded_ratio('observed.active_customers', 'observed.eligible_customers') }}
    end as retention_rate,
    observed.orders,
    {{ money('observed.net_revenue') }} as net_revenue,
    {{ money('observed.covered_net_revenue') }} as covered_net_revenue,
    {{ known_margin('observed') }} as gross_margin,
    cast(accumulated.orders as bigint) as cumulative_orders,
    {{ money('accumulated.net_revenue') }} as cumulative_net_revenue,
    {{ mean_amount('accumulated.net_revenue', 'observed.cohort_customers') }} as cumulative_net_revenue_per_customer,
    {{ money('accumulated.covered_net_revenue') }} as cumulative_covered_net_revenue,
    {{ known_margin('accumulated') }} as cumulative_gross_margin,
    observed.is_complete,
    observed.cohort_month,
    observed.activity_month
from observed
cross join inputs_present
left join accumulated
    on accumulated.cohort_month = observed.cohort_month
    and accumulated.acquisition_channel = observed.acquisition_channel
    and accumulated.months_since = observed.months_since
