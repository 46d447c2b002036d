{#
    Every raw table with the column that places its rows in time (rows after the as-of date wait in quarantine), and
    whether its rows belong to an order and wait with it.
#}
{% macro staged_tables() -%}
    {{ return({
        'customers': {'time': 'registered_at'},
        'products': {},
        'inventory_snapshots': {'time': 'snapshot_date'},
        'competitor_prices': {'time': 'price_date'},
        'orders': {'time': 'ordered_at'},
        'order_items': {'of_order': true},
        'payments': {'time': 'attempted_at', 'of_order': true},
        'refunds': {'time': 'refunded_at', 'of_order': true},
        'shipments': {'time': 'shipped_at', 'of_order': true},
        'exchange_rates': {'time': 'rate_date'},
        'sessions': {'time': 'started_at'},
        'events': {'time': 'occurred_at'},
        'marketing_spend': {'time': 'spend_date'},
        'campaigns': {},
        'messages': {'time': 'sent_at'},
        'promotions': {},
        'experiment_variants': {},
        'experiment_assignments': {'time': 'assigned_at'},
        'reviews': {'time': 'reviewed_at'},
        'survey_responses': {'time': 'invited_at'},
        'support_tickets': {'time': 'opened_at'},
    }) }}
{%- endmacro %}


{# A row of a base model lies after the as-of date (run_period is joined). #}
{% macro lies_after_as_of(column) -%}
    {{ column }} {{ "> run_period.as_of_date" if column.endswith('_date') else ">= run_period.as_of_end_at" }}
{%- endmacro %}


{#
    Conditions for a row of a base model to wait for its day, with the reason for each: its own time lies after the
    as-of date, or else that of its order does (run_period, and late_orders where it belongs to an order, are joined).
#}
{% macro late_cases(base, table) -%}
    {%- set cases = [] -%}
    {%- if table.time -%}
        {%- do cases.append(["'" ~ table.time ~ "_after_as_of'", lies_after_as_of(base ~ '.' ~ table.time)]) -%}
    {%- endif -%}
    {%- if table.of_order -%}
        {%- do cases.append(["'order_id_after_as_of'", "late_orders.order_id is not null"]) -%}
    {%- endif -%}
    {{ return(cases) }}
{%- endmacro %}


{# The moment of a row of a base model as a UTC timestamp; a date is its local midnight, none is null. #}
{% macro event_moment(base, table) -%}
    {%- if not table.time -%} cast(null as timestamp)
    {%- elif table.time.endswith('_date') -%} {{ local_to_utc("cast(" ~ base ~ "." ~ table.time ~ " as timestamp)") }}
    {%- else -%} {{ base }}.{{ table.time }}
    {%- endif -%}
{%- endmacro %}
