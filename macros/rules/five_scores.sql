{#
    Scores 1 to 5 for the values of one measure: 1 + (5 x customers strictly worse) // customers, 5 is best. Equal
    values score equally; scores are skipped where many share a value; null where too few customers are compared.

    A histogram joined back, because a running count over distinct values costs a fraction of ranking every customer.
    Emits the CTEs `<name>_values`, `<name>_worse` and `<name>_scores` (columns `by`, `measure`, `score`).

    name     prefix of the CTEs.
    rows     CTE with one row per customer and `by`.
    measure  column to score.
    by       column whose values are compared apart from one another.
    rules    CTE with one row and the column min_scored_customers: with fewer customers there is no score.
    best     highest or lowest: which end of the measure is good.
#}
{% macro five_scores(name, rows, measure, by, rules, best='highest') -%}
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
        {{ name }}_worse.{{ by }},
        {{ name }}_worse.{{ measure }},
        case
            when {{ name }}_worse.all_customers >= {{ rules }}.min_scored_customers
                then cast(1 + {{ whole_quotient(
                    '5 * ' ~ name ~ '_worse.worse_customers', name ~ '_worse.all_customers'
                ) }} as bigint)
        end as score
    from {{ name }}_worse
    cross join {{ rules }}
)
{%- endmacro %}
