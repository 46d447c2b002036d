{%- set start_date = 'promotions_dated.start_date' -%}
{%- set end_date = 'promotions_dated.end_date' -%}
with

promotions_dated as (select * from {{ ref('int_promotions_dated') }}),

sales_daily as (select * from {{ ref('int_sales_daily') }}),

promotion_rules as (select * from {{ ref('promotion_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

first_sale as (
    select min(date) as first_sale_date from sales_daily where orders > 0
),

known_promotions as (
    select
        promotions_dated.promotion_code,
        {{ start_date }},
        {{ end_date }},
        cast({{ dbt.dateadd('day', '-promotion_rules.comparison_days', start_date) }} as date) as before_date,
        cast({{ dbt.dateadd('day', 'promotion_rules.after_days', end_date) }} as date) as after_date,
        cast({{ dbt.dateadd(
            'day', '(promotion_rules.after_days + promotion_rules.comparison_days)', end_date
        ) }} as date) as later_date,
        {{ days_between(start_date, end_date) }} between 0 and promotion_rules.max_days - 1 as is_short
    from promotions_dated
    cross join promotion_rules
    where promotions_dated.is_known
),

comparable_promotions as (
    select
        known_promotions.promotion_code,
        known_promotions.start_date,
        known_promotions.end_date,
        known_promotions.before_date,
        known_promotions.after_date,
        known_promotions.later_date
    from known_promotions
    cross join stg_run_period
    cross join first_sale
    where
        known_promotions.is_short
        and known_promotions.before_date >= first_sale.first_sale_date
        and known_promotions.later_date <= stg_run_period.as_of_date
)

-- Other promotions that begin or end within the compared days distort the comparison; one that runs on all of them
-- does not.
select
    comparable_promotions.promotion_code,
    count(other_promotions.promotion_code) as other_promotions,
    comparable_promotions.before_date,
    comparable_promotions.start_date,
    comparable_promotions.end_date,
    comparable_promotions.after_date,
    comparable_promotions.later_date
from comparable_promotions
left join known_promotions as other_promotions
    on other_promotions.promotion_code <> comparable_promotions.promotion_code
    and (
        other_promotions.start_date between comparable_promotions.before_date and comparable_promotions.later_date
        or other_promotions.end_date between comparable_promotions.before_date and comparable_promotions.later_date
    )
group by
    comparable_promotions.promotion_code,
    comparable_promotions.before_date,
    comparable_promotions.start_date,
    comparable_promotions.end_date,
    comparable_promotions.after_date,
    comparable_promotions.later_date
