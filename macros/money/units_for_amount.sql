{#
    Units that an amount gives back, in thousandths rounded down: the share of quantity that amount is of net_revenue;
    all of quantity where the amount reaches net_revenue, or where that is 0 or less.
#}
{% macro units_for_amount(amount, net_revenue, quantity) -%}
    case
        when {{ amount }} >= {{ net_revenue }} then {{ quantity }}
        else {{ whole_quotient(
            "cast(" ~ quantity ~ " * 1000 as decimal(18, 0)) * cast(" ~ amount ~ " * 100 as decimal(18, 0))",
            "cast(" ~ net_revenue ~ " * 100 as decimal(18, 0))"
        ) }} * 0.001
    end
{%- endmacro %}
