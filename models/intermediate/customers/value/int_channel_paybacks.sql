with

cohort_cells as (select * from {{ ref('int_cohort_cells') }}),

cohort_activity as (select * from {{ ref('int_cohort_activity') }}),

acquisition_costs as (select * from {{ ref('int_acquisition_costs') }}),

-- Use only complete months, because the margin of a running month is still growing.
cohort_margins as (
    select
        cohort_cells.acquisition_channel,
        cohort_cells.months_since,
        cohort_cells.cohort_customers,
        coalesce(cohort_activity.costed_orders, 0) as costed_orders,
        coalesce(cohort_activity.covered_gross_margin, 0) as gross_margin,
        cohort_cells.cohort_month as month
    from cohort_cells
    left join cohort_activity
        on cohort_activity.cohort_month = cohort_cells.cohort_month
        and cohort_activity.acquisition_channel = cohort_cells.acquisition_channel
        and cohort_activity.months_since = cohort_cells.months_since
    where
        cohort_cells.is_complete
        and cohort_cells.acquisition_channel <> 'all'
),

period_margins as (
    select
        {{ period_of('month') }} as period,
        acquisition_channel,
        months_since,
        sum(costed_orders) as costed_orders,
        sum(gross_margin) as gross_margin,
        cast(sum(cohort_customers) as bigint) as customers
    from cohort_margins
    group by grouping sets ((month, acquisition_channel, months_since), (acquisition_channel, months_since))
),

-- Divide by the customers of the cohorts that have reached the age, because the cohorts of period `all` differ in age.
mean_margins as (
    select
        period,
        acquisition_channel,
        months_since,
        costed_orders,
        cast(cast(gross_margin as double) / customers as decimal(18, 6)) as margin_per_customer
    from period_margins
),

cumulative_margins as (
    select
        period,
        acquisition_channel,
        months_since,
        sum(costed_orders) over (partition by period, acquisition_channel) as costed_orders,
        sum(margin_per_customer) over (
            partition by period, acquisition_channel order by months_since
            rows between unbounded preceding and current row
        ) as margin_per_customer
    from mean_margins
)

select
    cumulative_margins.period,
    cumulative_margins.acquisition_channel,
    min(cumulative_margins.months_since) as payback_months
from cumulative_margins
inner join acquisition_costs
    on acquisition_costs.period = cumulative_margins.period
    and acquisition_costs.acquisition_channel = cumulative_margins.acquisition_channel
where
    cumulative_margins.costed_orders > 0
    and {{ money('cumulative_margins.margin_per_customer') }} >= acquisition_costs.cac
group by cumulative_margins.period, cumulative_margins.acquisition_channel
