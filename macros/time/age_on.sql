{# Whole years of age on a date; a person born on 29 February has the birthday on 1 March in a common year. #}
{% macro age_on(birth_date, date) -%}
    cast(
        extract(year from {{ date }}) - extract(year from {{ birth_date }})
        - case
            when
                extract(month from {{ date }}) * 100 + extract(day from {{ date }})
                < extract(month from {{ birth_date }}) * 100 + extract(day from {{ birth_date }})
                then 1
            else 0
        end as bigint
    )
{%- endmacro %}
