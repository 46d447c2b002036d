-- Why did net revenue change in the last complete month? One sentence per factor, the largest first: how the factor
-- changed and how much revenue that added or cost. The amounts add up to the change. A factor shows where to look, not
-- the cause: more customers may come from a campaign, a higher price per item from another mix.
with

revenue_tree as (select * from {{ ref('revenue_tree') }}),

last_month as (
    select max(month) as month from revenue_tree where is_complete
),

factor_amounts as (
    {%- for factor, words in [
        ('customers', 'customers'),
        ('orders_per_customer', 'orders per customer'),
        ('items_per_order', 'items per order'),
        ('price_per_item', 'money per item'),
    ] %}
    select
        revenue_tree.month,
        revenue_tree.net_revenue,
        revenue_tree.net_revenue_change,
        {{ loop.index }} as factor_number,
        '{{ words }}' as factor,
        revenue_tree.{{ factor }}_part as part,
        cast(revenue_tree.{{ factor }} as decimal(18, 2)) as value,
        cast(revenue_tree.previous_{{ factor }} as decimal(18, 2)) as previous_value
    from revenue_tree
    inner join last_month on last_month.month = revenue_tree.month
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    month,
    net_revenue,
    net_revenue_change,
    part,
    case
        when part is null then 'No revenue to compare with the month before'
        else factor || ' went from ' || cast(previous_value as {{ dbt.type_string() }}) || ' to '
            || cast(value as {{ dbt.type_string() }})
            || case when part < 0 then ', which cost ' else ', which brought ' end
            || cast(abs(part) as {{ dbt.type_string() }})
    end as in_words
from factor_amounts
order by abs(part) desc nulls last, factor_number
