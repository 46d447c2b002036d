{#
    One row per group, kind of cluster and pair of levels that share a cluster (a level with itself included): the
    number of shared clusters, the counts of the level in them, and sums of products of counts, from which the variance
    of a difference of two shares follows. Kinds: session, product, and both (rows of one session and product); rows
    without a product are in the first only. Sums are whole numbers, so that they do not depend on the order of rows.

    relation  CTE with one row per groups, level, session_id and product_id: exposures and the outcomes, all counts. Its
              rows with a product are the clusters of the kind `both`, which need no further sum.
    groups    list of columns within which levels are compared.
    outcomes  list of columns that count successes among the exposures.
#}
{% macro cluster_products(relation, groups, outcomes) -%}
    {%- set keys = groups + ['level'] -%}
    {%- set clusters = [
        ('session', 'session_clusters', ['session_id']),
        ('product', 'product_clusters', ['product_id']),
        ('both', relation, ['session_id', 'product_id']),
    ] -%}
    {%- for _, name, ids in clusters[:2] %}
{{ name }} as (
    select
        {% for key in keys + ids %}{{ key }}, {% endfor %}
        {%- for count in ['exposures'] + outcomes %}
        cast(sum({{ count }}) as bigint) as {{ count }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where {{ ids[0] }} is not null
    group by {{ (keys + ids) | join(', ') }}
){{ "," if not loop.last }}
{% endfor %}

{%- for kind, name, ids in clusters %}
select
    {%- for key in keys %}
    own_counts.{{ key }},
    {%- endfor %}
    other_counts.level as other_level,
    '{{ kind }}' as cluster_kind,
    count(*) as clusters,
    {%- for outcome in outcomes %}
    cast(sum(own_counts.{{ outcome }} * other_counts.{{ outcome }}) as bigint) as {{ outcome }}_both,
    cast(sum(own_counts.{{ outcome }} * other_counts.exposures) as bigint) as {{ outcome }}_with_exposures,
    {%- endfor %}
    cast(sum(own_counts.exposures * other_counts.exposures) as bigint) as exposures_both,
    {%- for count in ['exposures'] + outcomes %}
    cast(sum(own_counts.{{ count }}) as bigint) as {{ count }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ name }} as own_counts
inner join {{ name }} as other_counts
    on {% for id in groups + ids %}other_counts.{{ id }} = own_counts.{{ id }}{{ " and " if not loop.last }}{% endfor %}
group by {% for key in keys %}own_counts.{{ key }}, {% endfor %}other_counts.level
{{ "union all" if not loop.last }}
{%- endfor %}
{%- endmacro %}
