{#
    Every raw table. `time` is the column that places its rows in time: rows after the as-of date wait in quarantine.
    `of_order`: its rows belong to an order and wait with it.
#}
{% macro staged_tables() -%}
    {{ return({
        'customers': {'time': 'registered_at'},
        'products': {},
        'inventory_snapshots': {'time': 'snapshot_date'},
        'competitor_prices': {'time': 'price_date'},
        'orders': {'time': 'ordered_at'},
        'order_items': {'of_order': true},
        'order_discounts': {'of_order': true},
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


{#
    Reasons for which rows of a base model wait, as pairs [reason code, SQL condition]: their own time, or the time of
    their order, lies after the as-of date.

    base         alias of the base model in the query.
    table        entry of staged_tables().
    period       alias of stg_run_period, which is joined.
    late_orders  alias of the orders after the as-of date, left joined where the table is `of_order`.
#}
{% macro late_cases(base, table, period, late_orders) -%}
    {%- set cases = [] -%}
    {%- if table.time -%}
        {%- set bound = " > " ~ period ~ ".as_of_date" if table.time.endswith('_date')
            else " >= " ~ period ~ ".as_of_end_at" -%}
        {%- do cases.append(["'" ~ table.time ~ "_after_as_of'", base ~ "." ~ table.time ~ bound]) -%}
    {%- endif -%}
    {%- if table.of_order -%}
        {%- do cases.append(["'order_id_after_as_of'", late_orders ~ ".order_id is not null"]) -%}
    {%- endif -%}
    {{ return(cases) }}
{%- endmacro %}


{#
    When the event of a row happened, as a UTC timestamp: a date is its local midnight; null: the table has no time.

    base   alias of the base model in the query.
    table  entry of staged_tables().
#}
{% macro event_moment(base, table) -%}
    {%- if not table.time -%} cast(null as timestamp)
    {%- elif table.time.endswith('_date') -%} {{ local_to_utc("cast(" ~ base ~ "." ~ table.time ~ " as timestamp)") }}
    {%- else -%} {{ base }}.{{ table.time }}
    {%- endif -%}
{%- endmacro %}
