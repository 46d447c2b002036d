with

int_customers as (select * from {{ ref('int_customers') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

order_numbers as (select * from {{ ref('int_order_numbers') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

order_channels as (select * from {{ ref('int_order_channels') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

signup_channels as (select * from {{ ref('int_signup_channels') }}),

first_orders as (
    select
        order_customers.customer_id,
        order_channels.session_channel,
        nullif(stg_orders.sales_channel, 'web') as sales_channel
    from order_numbers
    inner join stg_orders on stg_orders.order_id = order_numbers.order_id
    inner join order_customers on order_customers.order_id = order_numbers.order_id
    inner join order_channels on order_channels.order_id = order_numbers.order_id
    where order_numbers.is_first_order
),

-- A visitor who was never identified counts as a customer after an order. Sessions with equal starts are ordered by id.
ranked_sessions as (
    select
        person_id,
        channel,
        row_number() over (partition by person_id order by started_at, session_id) as session_rank
    from int_sessions
    where not is_bot
),

evidence as (
    select
        int_customers.customer_id,
        first_orders.session_channel as order_channel,
        first_orders.sales_channel,
        ranked_sessions.channel as first_session_channel,
        signup_channels.channel as signup_channel
    from int_customers
    left join first_orders on first_orders.customer_id = int_customers.customer_id
    left join ranked_sessions
        on ranked_sessions.person_id = int_customers.customer_id
        and ranked_sessions.session_rank = 1
    left join signup_channels on signup_channels.signup_channel = int_customers.signup_channel
    where int_customers.is_known_customer
)

select
    customer_id,
    coalesce(
        order_channel, sales_channel, first_session_channel, signup_channel, 'unattributed'
    ) as acquisition_channel,
    case
        when order_channel is not null then 'first_order_session'
        when sales_channel is not null then 'sales_channel'
        when first_session_channel is not null then 'first_session'
        when signup_channel is not null then 'signup_channel'
        else 'none'
    end as acquisition_basis
from evidence
