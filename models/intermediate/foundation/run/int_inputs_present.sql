select
    {%- for table_name in staged_tables() %}
    exists(select 1 from {{ ref('stg_' ~ table_name) }}) as has_{{ table_name }},
    {%- endfor %}
    exists (select 1 from {{ ref('stg_sessions') }})
    or exists (select 1 from {{ ref('stg_events') }}) as has_traffic,
    exists(select 1 from {{ ref('stg_orders') }} where paid_at is not null) as has_paid_at,
    exists(select 1 from {{ ref('stg_orders') }} where status is not null) as has_order_status
