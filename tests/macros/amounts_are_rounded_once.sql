-- Each rounding macro, expected against actual: half a cent away from zero, ten digits, null for a divisor of 0.
-- An amount that is rounded twice or in the wrong direction is off by a cent.
{%- set amount, rate = "cast(? as decimal(18, 6))", "cast(? as decimal(28, 12))" -%}
{%- set units, whole = "cast(? as decimal(18, 3))", "cast(? as bigint)" -%}
{%- set amounts = [
    ['half a cent', "'2.35'", money(amount | replace('?', "'2.345'"))],
    ['half a cent below zero', "'-2.35'", money(amount | replace('?', "'-2.345'"))],
    ['just below half a cent', "'2.34'", money(amount | replace('?', "'2.344999'"))],
    ['converted and rounded once', "'588.86'",
        converted(amount | replace('?', '12345'), rate | replace('?', "'0.0477'"))
    ],
    ['a small rate', "'0.29'",
        converted(amount | replace('?', '1000000'), rate | replace('?', "'0.00000029'"))
    ],
    ['no rate', 'null', converted(amount | replace('?', '1'), rate | replace('?', 'null'))],
    ['a line beyond 18 digits', "'98765430000.00'",
        converted_line(units | replace('?', '1000000'), amount | replace('?', "'98765.43'"), rate | replace('?', '1'))
    ],
    ['a line of half a cent', "'0.01'",
        converted_line(units | replace('?', '5'), amount | replace('?', "'0.001'"), rate | replace('?', '1'))
    ],
    ['a line just within 18 digits', "'999889991.00'",
        converted_line(units | replace('?', '9999'), amount | replace('?', "'99998.999'"), rate | replace('?', '1'))
    ],
    ['a foreign line', "'71.23'",
        converted_line(units | replace('?', '2'), amount | replace('?', '5'), rate | replace('?', "'7.1234'"))
    ],
] %}
{%- set ratios = [
    ['a third', "'0.3333333333'", rounded_ratio(whole | replace('?', '1'), whole | replace('?', '3'))],
    ['a large ratio', "'123456789100'",
        rounded_ratio(whole | replace('?', "'123456789123'"), whole | replace('?', '1'))
    ],
    ['a negative ratio', "'-0.6666666667'",
        rounded_ratio(amount | replace('?', '-2'), amount | replace('?', '3'))
    ],
    ['a tiny ratio', "'0.0000003333333333'",
        rounded_ratio(whole | replace('?', '1'), whole | replace('?', '3000000'))
    ],
    ['nothing of something', '0', rounded_ratio(whole | replace('?', '0'), whole | replace('?', '3'))],
    ['something of nothing', 'null',
        rounded_ratio(whole | replace('?', '3'), whole | replace('?', '0'))
    ],
    ['a loss on a loss', 'null', rounded_ratio(amount | replace('?', '-0.05'), amount | replace('?', '-0.05'))],
    ['a gain on a loss', 'null', rounded_ratio(amount | replace('?', '2'), amount | replace('?', '-3'))],
    ['something of the unknown', 'null', rounded_ratio(whole | replace('?', '3'), whole | replace('?', 'null'))],
    ['nothing known', 'null', rounded_ratio(whole | replace('?', 'null'), whole | replace('?', '3'))],
] %}
{%- set quotients = [
    ['a large quotient', "'33333333333333333333'",
        whole_quotient("cast('99999999999999999999' as decimal(38, 0))", 3)
    ],
    ['a quotient rounded down', '2',
        whole_quotient(whole | replace('?', '29'), whole | replace('?', '10'))
    ],
    ['by nothing', 'null', whole_quotient(whole | replace('?', '29'), whole | replace('?', '0'))],
] %}
with

facts as (
    {%- for type, cases in [('decimal(18, 2)', amounts), ('double', ratios), ('decimal(38, 0)', quotients)] %}
    {{ "union all" if not loop.first }}
    {%- for fact, expected, actual in cases %}
    {{ "union all" if not loop.first }}
    select
        '{{ fact }}' as fact,
        {{ actual }} is not distinct from cast({{ expected }} as {{ type }}) as is_right -- noqa: AL05
    {%- endfor %}
    {%- endfor %}
)

select fact
from facts
where not is_right
