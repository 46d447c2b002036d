-- The macro against SciPy 1.17.1 (`t.ppf(0.975, df)`), to 1e-11; below one degree of freedom there is none. A wrong
-- quantile would make every interval of a mean too narrow or too wide.
with

cases as (
    select cast(1 as bigint) as degrees_of_freedom, '12.706204736175' as quantile
    union all
    select cast(2 as bigint) as degrees_of_freedom, '4.302652729749' as quantile
    union all
    select cast(3 as bigint) as degrees_of_freedom, '3.182446305284' as quantile
    union all
    select cast(5 as bigint) as degrees_of_freedom, '2.570581835636' as quantile
    union all
    select cast(9 as bigint) as degrees_of_freedom, '2.262157162798' as quantile
    union all
    select cast(10 as bigint) as degrees_of_freedom, '2.228138851986' as quantile
    union all
    select cast(11 as bigint) as degrees_of_freedom, '2.200985160092' as quantile
    union all
    select cast(29 as bigint) as degrees_of_freedom, '2.045229642133' as quantile
    union all
    select cast(30 as bigint) as degrees_of_freedom, '2.042272456301' as quantile
    union all
    select cast(120 as bigint) as degrees_of_freedom, '1.979930405082' as quantile
    union all
    select cast(1000 as bigint) as degrees_of_freedom, '1.962339080826' as quantile
    union all
    select cast(10000 as bigint) as degrees_of_freedom, '1.960201239891' as quantile
    union all
    select cast(1000000 as bigint) as degrees_of_freedom, '1.959966356814' as quantile
    union all
    select cast(0 as bigint) as degrees_of_freedom, cast(null as {{ dbt.type_string() }}) as quantile
),

computed as (
    select
        degrees_of_freedom,
        quantile,
        {{ t_quantile('degrees_of_freedom') }} as actual
    from cases
)

select *
from computed
where coalesce(abs(actual - cast(quantile as double)) > 1e-11, (actual is null) <> (quantile is null))
