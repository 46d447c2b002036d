{#
    A whole base model: the rows of one raw table typed, mapped, checked and ranked.

    source           relation of the source view, such as ref('source_orders').
    columns          contract column to '<type> [presence]'; an enumeration is 'enum:<name>'. Presence as in the input
                     contract: key, key_nullable, required, checked; none means optional. A test holds this to the
                     sources' YAML.
    version          order of the versions of a key, best first: SQL over `rows_with_digest`.
    orders           relation of the accepted orders where every order_id must name one of them; none: no such check.
    rate_date        SQL over `typed` for the day whose exchange rate the row needs; a foreign currency without a rate
                     on or before it is rejected. 'any' where the row has no day: one rate, whenever, is enough.
    rate_amounts     amounts that need the rate; a row without any of them needs none. An empty list: every row does.
    may_be_negative  columns of amounts and counts that may be below zero.
    checks           further pairs [reason code, SQL over `typed` that is true for a bad row].

    Result: the contract's columns typed; then cast_flags (optional columns whose text did not cast, comma-separated),
    rejection_reason (the first failed check; null: accepted), row_digest (of the row as landed, to find it again),
    raw_row (the whole row, of rejected rows only), is_current (the accepted version that counts). Rows deleted at the
    source and every older version of their keys have the reason deleted_at_source, before any other check; the
    older versions have no raw_row.
#}
{% macro base_table(
    source, columns, version=none, orders=none, rate_date=none, rate_amounts=[], may_be_negative=[], checks=[]
) -%}
{%- set specs = column_specs(columns) -%}
{%- set keys = specs | selectattr('presence', 'in', ['key', 'key_nullable']) | map(attribute='name') | list -%}
{%- set versioned_at = 'rows_with_digest.updated_at' if 'updated_at' in columns else 'cast(null as timestamp)' -%}
with

source_rows as (
    select * from {{ source }}
),
{% for enumeration in specs | selectattr('enumeration') | map(attribute='enumeration') | unique %}
{{ enumeration }}_values as (
    {%- if enumeration == 'event_type' %}
    select
        lower(event_type_mapping.raw_value) as raw_value,
        event_type_mapping.value,
        product_event_names.raw_value is not null as needs_product
    from {{ ref('event_type_mapping') }} as event_type_mapping
    left join {{ ref('product_event_names') }} as product_event_names
        on lower(product_event_names.raw_value) = lower(event_type_mapping.raw_value)
    {%- elif enumeration == 'order_status' %}
    select lower(raw_value) as raw_value, value from {{ ref('order_status_mapping') }}
    {%- else %}
    select lower(raw_value) as raw_value, value from {{ ref('enumerations') }} where enumeration = '{{ enumeration }}'
    {%- endif %}
),
{% endfor %}
{%- if orders %}
accepted_orders as (
    select order_id from {{ orders }} where is_current
),
{% endif %}
{%- if rate_date %}
first_rates as (
    select currency, min(rate_date) as first_rate_date
    from {{ ref('base_exchange_rates') }}
    where is_current
    group by currency
),
{% endif %}
-- clean_text in two steps, so that no text is trimmed twice.
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

-- Text that can fail to cast is kept beside its value until the checks.
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
        on {{ spec.name }}_mapped.raw_value = {{ small_letters('cleaned.' ~ spec.name) }}
    {%- endfor %}
),

checked as (
    select
        {%- for spec in specs %}
        typed.{{ spec.name }},
        {%- endfor %}
        {{ cast_flags(specs | rejectattr('presence') | list) }} as cast_flags,
        {{ first_of(
            [["'deleted_at_source'", 'typed.is_deleted']]
            + failed_cast_cases(specs | selectattr('presence') | list)
            + missing_cases(specs | selectattr('presence', 'in', ['key', 'required']) | list)
            + range_cases(specs, may_be_negative)
            + rate_cases(rate_date, rate_amounts)
            + quoted_reasons(checks)
            + orphan_cases(orders)
        ) }} as rejection_reason,
        {{ joined_key(keys, 'typed.') }} as row_key,
        typed.source_row
    from typed
    {%- if orders %}
    left join accepted_orders on accepted_orders.order_id = typed.order_id
    {%- endif %}
    {%- if rate_date %}
    left join first_rates on first_rates.currency = typed.currency
    {%- endif %}
),

-- Only rows that a check rejects keep their whole content. The content of other rows is found by their digest.
rows_with_digest as (
    select
        {%- for spec in specs %}
        checked.{{ spec.name }},
        {%- endfor %}
        checked.cast_flags,
        checked.rejection_reason,
        checked.row_key,
        {{ row_digest('checked.source_row') }} as row_digest,
        case
            when checked.rejection_reason is not null then {{ redacted_url(row_as_json('checked.source_row')) }}
        end as raw_row
    from checked
),

-- Keys with several versions, accepted or deleted. Other rows, nearly all, are not sorted. (Two keys whose joined
-- texts are equal are still ranked apart.)
repeated_keys as (
    select row_key
    from rows_with_digest
    where rejection_reason is null or rejection_reason = 'deleted_at_source'
    group by row_key
    having count(*) > 1
),

ranked_versions as (
    select
        rows_with_digest.*,
        max(case
            when rows_with_digest.is_deleted then coalesce({{ versioned_at }}, timestamp '9999-12-31 00:00:00')
        end) over (partition by {{ prefixed(keys, 'rows_with_digest.') | join(', ') }}) as deleted_until,
        row_number() over (
            partition by {{ prefixed(keys, 'rows_with_digest.') | join(', ') }}
            -- Of equal versions the one whose values all cast is first, then content decides, not the order of rows.
            order by {% if version %}{{ version }}, {% endif %}rows_with_digest.cast_flags nulls first
            {%- for spec in specs if spec.name not in keys %}, rows_with_digest.{{ spec.name }} nulls last{% endfor %}
        ) as version_number,
        {{ versioned_at }} as versioned_at
    from rows_with_digest
    inner join repeated_keys on repeated_keys.row_key = rows_with_digest.row_key
    where rows_with_digest.rejection_reason is null or rows_with_digest.rejection_reason = 'deleted_at_source'
),

-- Every version up to a deletion is out, and all of them where the versions or the deletion have no time.
remaining_versions as (
    select
        {%- for spec in specs %}
        ranked_versions.{{ spec.name }},
        {%- endfor %}
        ranked_versions.cast_flags,
        case
            when ranked_versions.deleted_until >= coalesce(ranked_versions.versioned_at, ranked_versions.deleted_until)
                then 'deleted_at_source'
        end as rejection_reason,
        ranked_versions.row_digest,
        ranked_versions.raw_row,
        ranked_versions.version_number
    from ranked_versions
    where ranked_versions.rejection_reason is null
)
{% for part in ['rows_with_digest', 'remaining_versions'] %}
{{ "union all" if not loop.first }}
select
    {%- for spec in specs %}
    {{ part }}.{{ spec.name }},
    {%- endfor %}
    {{ part }}.cast_flags,
    {{ part }}.rejection_reason,
    {{ part }}.row_digest,
    {{ part }}.raw_row,
    {%- if part == 'rows_with_digest' %}
    rows_with_digest.rejection_reason is null as is_current
from rows_with_digest
left join repeated_keys on repeated_keys.row_key = rows_with_digest.row_key
where rows_with_digest.rejection_reason is not null or repeated_keys.row_key is null
    {%- else %}
    remaining_versions.version_number = 1 and remaining_versions.rejection_reason is null as is_current
from remaining_versions
    {%- endif %}
{% endfor %}
{%- endmacro %}
