{#
    One row per group, kind of cluster and pair of levels that share a cluster (a level with itself included): the
    number of shared clusters, the counts of the level in them, and sums of products of counts, from which the variance
    of a difference of two shares follows. Kinds: session, product, and both (rows of one session and product); rows
    without a product are in the first only. Sums are whole numbers, so that they do not depend on the order of rows.

    relation  CTE with the groups, level, session_id, product_id, exposures and the outcomes, all counts.
    groups    list of columns within which levels are compared.
    outcomes  list of columns that count successes among the exposures.
#}
{% macro cluster_products(relation, groups, outcomes) -%}
    {%- set keys = groups + ['level'] -%}
    {%- set kinds = [
        ('session', 'session_id', "''", 'true'),
        ('product', "''", 'product_id', 'product_id is not null'),
        ('both', 'session_id', 'product_id', 'product_id is not null'),
    ] -%}
level_clusters as (
    {%- for kind, session, product, condition in kinds %}
    select
        {% for key in keys %}{{ key }}, {% endfor %}'{{ kind }}' as cluster_kind,
        {{ session }} as session_key,
        {{ product }} as product_key,
        {%- for count in ['exposures'] + outcomes %}
        cast(sum({{ count }}) as bigint) as {{ count }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where {{ condition }}
    group by {% for key in keys %}{{ key }}, {% endfor %}{{ session }}, {{ product }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    {%- for key in keys %}
    level_clusters.{{ key }},
    {%- endfor %}
    other_clusters.level as other_level,
    level_clusters.cluster_kind,
    count(*) as clusters,
    {%- for outcome in outcomes %}
    cast(sum(level_clusters.{{ outcome }} * other_clusters.{{ outcome }}) as bigint) as {{ outcome }}_both,
    cast(sum(level_clusters.{{ outcome }} * other_clusters.exposures) as bigint) as {{ outcome }}_with_exposures,
    {%- endfor %}
    cast(sum(level_clusters.exposures * other_clusters.exposures) as bigint) as exposures_both,
    {%- for count in ['exposures'] + outcomes %}
    cast(sum(level_clusters.{{ count }}) as bigint) as {{ count }}{{ "," if not loop.last }}
    {%- endfor %}
from level_clusters
inner join level_clusters as other_clusters
    on other_clusters.cluster_kind = level_clusters.cluster_kind
    and other_clusters.session_key = level_clusters.session_key
    and other_clusters.product_key = level_clusters.product_key
    {%- for group in groups %}
    and other_clusters.{{ group }} = level_clusters.{{ group }}
    {%- endfor %}
group by
    {%- for key in keys %}
    level_clusters.{{ key }},
    {%- endfor %}
    other_clusters.level,
    level_clusters.cluster_kind
{%- endmacro %}
