{#
    Scores 1 to 5 for the values of one measure: 1 + (5 x customers strictly worse) // customers, 5 is best. Equal
    values score equally; scores are skipped where many share a value; null where fewer than five customers are
    compared.

    A histogram joined back, because a running count over distinct values costs a fraction of ranking every customer.
    Emits the CTEs `<name>_values`, `<name>_worse` and `<name>_scores` (columns `by`, `measure`, `score`).

    name     prefix of the CTEs.
    rows     CTE with one row per customer and `by`.
    measure  column to score.
    by       column whose values are compared apart from one another.
    best     highest or lowest: which end of the measure is good.
#}
{% macro five_scores(name, rows, measure, by, best='highest') -%}
{%- if best not in ('highest', 'lowest') -%}
    {{ exceptions.raise_compiler_error("five_scores: best must be highest or lowest, not '" ~ best ~ "'") }}
{%- endif -%}
{{ name }}_values as (
    select
        {{ by }},
        {{ measure }},
        count(*) as customers
    from {{ rows }}
    group by {{ by }}, {{ measure }}
),

{{ name }}_worse as (
    select
        {{ by }},
        {{ measure }},
        cast(sum(customers) over (partition by {{ by }}) as bigint) as all_customers,
        cast(
            coalesce(
                sum(customers) over (
                    partition by {{ by }}
                    order by {{ measure }}{{ " desc" if best == 'lowest' }}
                    rows between unbounded preceding and 1 preceding
                ), 0
            ) as bigint
        ) as worse_customers
    from {{ name }}_values
),

{{ name }}_scores as (
    select
        {{ by }},
        {{ measure }},
        case
            when all_customers >= 5
                then cast(1 + {{ whole_quotient('5 * worse_customers', 'all_customers') }} as bigint)
        end as score
    from {{ name }}_worse
)
{%- endmacro %}
