{#
    One raw table typed, mapped, judged and ranked: the whole of a base model.

    columns          contract column to '<type> [presence]'; an enumeration is 'enum:<name>'. Presence as in the input
                     contract: key, key_nullable, required, checked; none means optional. A check of the project holds
                     this to the sources' YAML.
    version          order of versions of the same key, best first, in SQL over the columns.
    parents          base model to [own column, parent's key]: a value that names no accepted row is an orphan.
    rate_date        SQL for the day whose exchange rate the row needs; a foreign currency without one is rejected.
                     'any' where the row has no day: one rate, whenever, is enough.
    rate_amounts     the amounts that need the rate; a row that has none of them needs none. Without this, every row.
    may_be_negative  columns of amounts and counts that may be below zero.
    checks           further [reason code, SQL condition that is true for a bad row].

    Result: the contract's columns typed, then cast_flags (optional columns whose text did not cast, comma-separated),
    rejection_reason (the first failed check), row_key, row_digest (of the row as landed, to find it again), raw_row
    (the row whole, of rejected rows), is_current (the version that counts among the accepted ones).
#}
{% macro base_table(
    table_name, columns, version=none, parents={}, rate_date=none, rate_amounts=[], may_be_negative=[], checks=[]
) -%}
{%- set specs = column_specs(columns) -%}
{%- set keys = specs | selectattr('presence', 'in', ['key', 'key_nullable']) | map(attribute='name') | list -%}
with

source_rows as (
    select * from {{ ref('source_' ~ table_name) }}
),
{% for enumeration in specs | selectattr('enumeration') | map(attribute='enumeration') | unique %}
{{ enumeration }}_values as (
    {%- if enumeration == 'event_type' %}
    select lower(raw_value) as raw_value, value from {{ ref('event_type_mapping') }}
    {%- else %}
    select lower(raw_value) as raw_value, value from {{ ref('enumerations') }} where enumeration = '{{ enumeration }}'
    {%- endif %}
),
{% endfor %}
{%- for parent in parents %}
accepted_{{ parent }} as (
    select {{ parents[parent][1] }} from {{ ref(parent) }} where is_current
),
{% endfor %}
{%- if rate_date %}
first_rates as (
    select currency, min(rate_date) as first_rate_date
    from {{ ref('base_exchange_rates') }}
    where is_current
    group by currency
),
{% endif %}
-- Trimmed first and read afterwards: clean_text in two steps, so that no text is trimmed twice.
trimmed as (
    select
        {%- for spec in specs %}
        {{ trimmed_text('source_rows.' ~ spec.name) }} as {{ spec.name }},
        {%- endfor %}
        source_rows.source_row
    from source_rows
),

cleaned as (
    select
        {%- for spec in specs %}
        {{ meaningful_text('trimmed.' ~ spec.name) }} as {{ spec.name }},
        {%- endfor %}
        trimmed.source_row
    from trimmed
),

-- The text of what can fail to cast stays beside the value until it is judged.
typed as (
    select
        {%- for spec in specs %}
        {{ typed_column(spec) }} as {{ spec.name }},
        {%- if can_fail(spec) %}
        cleaned.{{ spec.name }} as {{ spec.name }}_text,
        {%- endif %}
        {%- if spec.enumeration %}
        {{ spec.name }}_mapped.raw_value is not null as {{ spec.name }}_is_known,
        {%- endif %}
        {%- endfor %}
        cleaned.source_row
    from cleaned
    {%- for spec in specs if spec.enumeration %}
    left join {{ spec.enumeration }}_values as {{ spec.name }}_mapped
        on {{ spec.name }}_mapped.raw_value = lower(cleaned.{{ spec.name }})
    {%- endfor %}
),

judged as (
    select
        {%- for spec in specs %}
        typed.{{ spec.name }},
        {%- endfor %}
        {{ cast_flags(specs | rejectattr('presence') | list) }} as cast_flags,
        {{ first_of(
            failed_cast_cases(specs | selectattr('presence') | list)
            + missing_cases(specs | selectattr('presence', 'in', ['key', 'required']) | list)
            + range_cases(specs, may_be_negative)
            + rate_cases(rate_date, rate_amounts)
            + quoted_reasons(checks)
            + orphan_cases(parents)
        ) }} as rejection_reason,
        {{ joined_key(keys, 'typed.') }} as row_key,
        typed.source_row
    from typed
    {%- for parent, link in parents.items() %}
    left join accepted_{{ parent }} on accepted_{{ parent }}.{{ link[1] }} = typed.{{ link[0] }}
    {%- endfor %}
    {%- if rate_date %}
    left join first_rates on first_rates.currency = typed.currency
    {%- endif %}
),

-- Only a rejected row is kept whole; of the others the digest is enough to find them again.
kept as (
    select
        {%- for spec in specs %}
        judged.{{ spec.name }},
        {%- endfor %}
        judged.cast_flags,
        judged.rejection_reason,
        judged.row_key,
        {{ row_digest('judged.source_row') }} as row_digest,
        case
            when judged.rejection_reason is not null then {{ redacted_url(row_as_json('judged.source_row')) }}
        end as raw_row
    from judged
),

-- Keys of several accepted versions. The rest, nearly all rows, is spared the sort. (Two keys that are joined to the
-- same text are ranked apart all the same.)
repeated_keys as (
    select row_key from kept where rejection_reason is null group by row_key having count(*) > 1
),

ranked_versions as (
    select
        kept.*,
        row_number() over (
            partition by {{ prefixed(keys, 'kept.') | join(', ') }}
            -- Of equal versions the one whose values all cast counts, then content: the order of rows never decides.
            order by {% if version %}{{ version }}, {% endif %}kept.cast_flags nulls first
            {%- for spec in specs if spec.name not in keys %}, kept.{{ spec.name }} nulls last{% endfor %}
        ) as version_number
    from kept
    inner join repeated_keys on repeated_keys.row_key = kept.row_key
    where kept.rejection_reason is null
)
{% for part in ['kept', 'ranked_versions'] %}
{{ "union all" if not loop.first }}
select
    {%- for spec in specs %}
    {{ part }}.{{ spec.name }},
    {%- endfor %}
    {{ part }}.cast_flags,
    {{ part }}.rejection_reason,
    {{ part }}.row_key,
    {{ part }}.row_digest,
    {{ part }}.raw_row,
    {%- if part == 'kept' %}
    kept.rejection_reason is null as is_current
from kept
left join repeated_keys on repeated_keys.row_key = kept.row_key
where kept.rejection_reason is not null or repeated_keys.row_key is null
    {%- else %}
    ranked_versions.version_number = 1 as is_current
from ranked_versions
    {%- endif %}
{% endfor %}
{%- endmacro %}
