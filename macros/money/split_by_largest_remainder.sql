{#
    Splits a whole over its parts by weight, in units of the last decimal place, so that the parts add up to it exactly.

    Each part gets its share rounded down; the units left over go one each to the largest remainders, ties to the
    smallest part id. Emits three CTEs (end the call with a comma where another CTE follows); the last, `name`, has the
    columns of `whole`, `part` and `result`, a decimal(18, places), one row for each row whose weight is above 0.

    name     name of the resulting CTE.
    rows     CTE with one row per whole and part.
    whole    list of columns that identify the whole.
    part     column that identifies the part within the whole.
    amount   column with the amount to split, equal in all rows of a whole, 0 or more, at most `places` decimal places.
    weight   column with the part's weight, 0 or more, a decimal of at most two places.
    result   name of the column with the part's share.
    places   decimal places of amount and result: 2 for money.
#}
{% macro split_by_largest_remainder(name, rows, whole, part, amount, weight, result, places=2) -%}
{%- set unit = '1' ~ '0' * places -%}
{%- set keys = whole | join(', ') -%}
{{ name }}_weighted as (
    select
        {{ keys }},
        {{ part }},
        cast({{ amount }} * {{ unit }} as decimal(19, 0)) as whole_units,
        cast({{ weight }} * 100 as decimal(19, 0)) as weight_units,
        sum(cast({{ weight }} * 100 as decimal(19, 0))) over (partition by {{ keys }}) as total_weight_units
    from {{ rows }}
    where {{ weight }} > 0
),

{{ name }}_floored as (
    select
        {{ keys }},
        {{ part }},
        whole_units,
        {{ whole_quotient('whole_units * weight_units', 'total_weight_units') }} as floor_units,
        whole_units * weight_units
        - total_weight_units * {{ whole_quotient('whole_units * weight_units', 'total_weight_units') }} as remainder
    from {{ name }}_weighted
),

{{ name }}_ranked as (
    select
        {{ keys }},
        {{ part }},
        floor_units,
        whole_units - sum(floor_units) over (partition by {{ keys }}) as units_left,
        row_number() over (partition by {{ keys }} order by remainder desc, {{ part }}) as remainder_rank
    from {{ name }}_floored
),

{{ name }} as (
    select
        {{ keys }},
        {{ part }},
        cast(
            cast(floor_units + case when remainder_rank <= units_left then 1 else 0 end as decimal(18, 0))
            * {{ '0.' ~ '0' * (places - 1) ~ '1' }} as decimal(18, {{ places }})
        ) as {{ result }}
    from {{ name }}_ranked
)
{%- endmacro %}
