{# A view, because there are as many moments as events, and the reader reduces them to a small table. #}
{{ config(materialized='view') }}

with

stg_sessions as (select * from {{ ref('stg_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

order_visitors as (select * from {{ ref('int_order_visitors') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

account_identifications as (
    select visitor_id, customer_id as account_id, started_at as identified_at
    from stg_sessions
    where customer_id is not null
    union all
    select visitor_id, customer_id as account_id, occurred_at as identified_at
    from stg_events
    where customer_id is not null
    union all
    select order_visitors.visitor_id, stg_orders.customer_id as account_id, stg_orders.ordered_at as identified_at
    from stg_orders
    inner join order_visitors on order_visitors.order_id = stg_orders.order_id
    where stg_orders.customer_id is not null
)

select
    account_identifications.visitor_id,
    customer_merges.customer_id,
    account_identifications.identified_at
from account_identifications
inner join customer_merges on customer_merges.account_id = account_identifications.account_id
