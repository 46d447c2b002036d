with

compared_sales as (select * from {{ ref('int_compared_sales') }}),

-- The part of a factor is the log-mean of both revenues times the logarithm of the factor's ratio. These logarithms add
-- up to that of the revenue's ratio, so the parts add up to the change.
revenue_ratios as (
    select
        month,
        {%- for measure in ['customers', 'orders', 'items', 'net_revenue'] %}
        cast({{ measure }} as double) / cast(previous_{{ measure }} as double) as {{ measure }}_ratio,
        {%- endfor %}
        net_revenue - previous_net_revenue as revenue_change,
        case
            when net_revenue = previous_net_revenue then cast(net_revenue as double)
            else cast(net_revenue - previous_net_revenue as double)
                / ln(cast(net_revenue as double) / cast(previous_net_revenue as double))
        end as log_mean_revenue
    from compared_sales
    where is_comparable
),

-- From here on amounts are whole millionths of the currency unit, so that sums are exact.
factor_changes as (
    {%- for factor, counted, base in revenue_factors() %}
    {%- set ratio = counted ~ '_ratio' ~ (' / ' ~ base ~ '_ratio' if base else '') %}
    select
        month,
        {{ loop.index }} as factor_number,
        '{{ factor }}' as factor,
        cast(revenue_change * 100 as decimal(20, 0)) as change_cents,
        cast(round(log_mean_revenue * ln({{ ratio }}) * 1000000, 0) as decimal(28, 0)) as part_millionths
    from revenue_ratios
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

floored_parts as (
    select
        month,
        factor_number,
        factor,
        change_cents,
        part_millionths,
        cast(floor(part_millionths * 0.0001) as decimal(28, 0)) as floor_cents
    from factor_changes
),

-- Cents left over go one each to the largest remainders; of equal remainders to the earlier factor.
ranked_parts as (
    select
        month,
        factor_number,
        factor,
        floor_cents,
        change_cents - sum(floor_cents) over (partition by month) as cents_left,
        row_number() over (
            partition by month order by part_millionths - floor_cents * 10000 desc, factor_number
        ) as remainder_rank
    from floored_parts
)

select
    month,
    factor_number,
    factor,
    cast(
        (floor_cents + case when remainder_rank <= cents_left then 1 else 0 end) * 0.01 as decimal(18, 2)
    ) as part
from ranked_parts
