-- The macro against SciPy 1.17.1 (`binomtest(successes, trials).proportion_ci(method='wilson')`), to 1e-9.
with

cases as (
    select
        cast(0 as bigint) as successes, cast(1 as bigint) as trials,
        '0.000000000000' as low, '0.793450685623' as high
    union all
    select
        cast(1 as bigint) as successes, cast(1 as bigint) as trials,
        '0.206549314377' as low, '1.000000000000' as high
    union all
    select
        cast(0 as bigint) as successes, cast(20 as bigint) as trials,
        '0.000000000000' as low, '0.161125158053' as high
    union all
    select
        cast(20 as bigint) as successes, cast(20 as bigint) as trials,
        '0.838874841947' as low, '1.000000000000' as high
    union all
    select
        cast(1 as bigint) as successes, cast(3 as bigint) as trials,
        '0.061491944720' as low, '0.792340399198' as high
    union all
    select
        cast(7 as bigint) as successes, cast(40 as bigint) as trials,
        '0.087454137460' as low, '0.319499903318' as high
    union all
    select
        cast(81 as bigint) as successes, cast(263 as bigint) as trials,
        '0.255288519878' as low, '0.366209576983' as high
    union all
    select
        cast(500 as bigint) as successes, cast(1000 as bigint) as trials,
        '0.469069600368' as low, '0.530930399632' as high
    union all
    select
        cast(1 as bigint) as successes, cast(1000000 as bigint) as trials,
        '0.000000176525' as low, '0.000005664912' as high
    union all
    select
        cast(999999 as bigint) as successes, cast(1000000 as bigint) as trials,
        '0.999994335088' as low, '0.999999823475' as high
    union all
    select
        cast(0 as bigint) as successes,
        cast(0 as bigint) as trials,
        cast(null as {{ dbt.type_string() }}) as low,
        cast(null as {{ dbt.type_string() }}) as high
),

computed as (
    select
        successes,
        trials,
        low,
        high,
        {{ wilson_low('successes', 'trials') }} as actual_low,
        {{ wilson_high('successes', 'trials') }} as actual_high
    from cases
)

select *
from computed
where
    coalesce(abs(actual_low - cast(low as double)) > 1e-9, (actual_low is null) <> (low is null))
    or coalesce(abs(actual_high - cast(high as double)) > 1e-9, (actual_high is null) <> (high is null))
