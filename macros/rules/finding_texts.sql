{# A number as text, by its unit: a rate in percent, money with its currency, or a rounded count. #}
{% macro number_text(value, unit) -%}
    case {{ unit }}
        when 'rate' then {{ percent_text(value) }}
        when 'money' then {{ amount_text(value) }}
        else cast(cast(round({{ value }}, 0) as decimal(18, 0)) as {{ dbt.type_string() }})
    end
{%- endmacro %}


{# A share as a percentage of one decimal. #}
{% macro percent_text(share) -%}
    cast(cast(round(100 * {{ share }}, 1) as decimal(18, 1)) as {{ dbt.type_string() }}) || ' %'
{%- endmacro %}


{# An amount in the reporting currency without its cents. #}
{% macro amount_text(amount) -%}
    cast(cast(round({{ amount }}, 0) as decimal(18, 0)) as {{ dbt.type_string() }})
    || ' {{ var("reporting_currency", "CNY") }}'
{%- endmacro %}


{# A template with its placeholders {name} replaced by columns of text; a null column is replaced by nothing. #}
{% macro filled_text(template, columns) -%}
    {%- set filled = namespace(text=template) -%}
    {%- for name, column in columns.items() -%}
        {%- set filled.text = "replace(" ~ filled.text ~ ", '{" ~ name ~ "}', coalesce(" ~ column ~ ", ''))" -%}
    {%- endfor -%}
    {{ filled.text }}
{%- endmacro %}


{# The part of an amount that is at stake, scaled from its days to 30 days, in cents; the amount is a double. #}
{% macro money_in_30_days(amount, stake_share, days) -%}
    cast(
        round(({{ amount }}) * cast({{ stake_share }} as double) * 30 / cast({{ days }} as double), 2)
        as decimal(18, 2)
    )
{%- endmacro %}
