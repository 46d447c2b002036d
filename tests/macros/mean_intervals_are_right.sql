-- The macro against SciPy 1.17.1 (`t.interval` about the mean), to 1e-8: two values, equal values, whole numbers and
-- fractions; one value has no interval. An interval that is too narrow would report noise as a change.
with

cases as (
    select
        cast('8' as decimal(19, 6)) as total,
        cast('50' as decimal(28, 12)) as squares,
        cast(2 as bigint) as number,
        '-34.11861420852' as low, '42.11861420852' as high
    union all
    select
        cast('15' as decimal(19, 6)) as total,
        cast('75' as decimal(28, 12)) as squares,
        cast(3 as bigint) as number,
        '5.00000000000' as low, '5.00000000000' as high
    union all
    select
        cast('15' as decimal(19, 6)) as total,
        cast('55' as decimal(28, 12)) as squares,
        cast(5 as bigint) as number,
        '1.03675683852' as low, '4.96324316148' as high
    union all
    select
        cast('64' as decimal(19, 6)) as total,
        cast('380' as decimal(28, 12)) as squares,
        cast(12 as bigint) as number,
        '4.14209539574' as low, '6.52457127093' as high
    union all
    select
        cast('7.750001' as decimal(19, 6)) as total,
        cast('30.812500000001' as decimal(28, 12)) as squares,
        cast(3 as bigint) as number,
        '-3.18705182572' as low, '8.35371915906' as high
    union all
    select
        cast(3 as decimal(19, 6)) as total,
        cast(9 as decimal(28, 12)) as squares,
        cast(1 as bigint) as number,
        cast(null as {{ dbt.type_string() }}) as low, cast(null as {{ dbt.type_string() }}) as high
),

computed as (
    select
        total,
        squares,
        number,
        low,
        high,
        {{ mean_low('total', 'squares', 'number') }} as actual_low,
        {{ mean_high('total', 'squares', 'number') }} as actual_high
    from cases
)

select *
from computed
where
    coalesce(abs(actual_low - cast(low as double)) > 1e-8, (actual_low is null) <> (low is null))
    or coalesce(abs(actual_high - cast(high as double)) > 1e-8, (actual_high is null) <> (high is null))
