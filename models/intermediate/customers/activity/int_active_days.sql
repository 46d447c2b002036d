with

people_sessions as (select * from {{ ref('int_people_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

-- A valid order is activity too: a shop may take orders without a session.
population_days as (
    select 'visitors' as population, visitor_id as person_id, session_date as active_date from people_sessions
    union
    select 'customers' as population, customer_id as person_id, session_date as active_date
    from people_sessions
    where is_known_customer
    union
    select 'customers' as population, customer_id as person_id, order_date as active_date
    from orders_valued
    where is_valid and is_known_customer
)

select
    population,
    person_id,
    active_date,
    lag(active_date) over (partition by population, person_id order by active_date) as previous_active_date,
    lead(active_date) over (partition by population, person_id order by active_date) as next_active_date
from population_days
