-- A customer counted as satisfied and as dissatisfied in one segment would hide the cost of dissatisfaction.
with

satisfaction_by_value as (select * from {{ ref('satisfaction_by_value') }}),

first_opinions as (select * from {{ ref('int_first_opinions') }}),

counted as (
    select
        rfm_segment,
        sum(customers) as customers
    from satisfaction_by_value
    group by rfm_segment
),

people as (
    select
        rfm_segment,
        count(distinct customer_id) as customers
    from first_opinions
    group by rfm_segment
)

select
    coalesce(counted.rfm_segment, people.rfm_segment) as rfm_segment,
    counted.customers as customers_counted,
    people.customers as customers_with_an_opinion
from counted
full join people on people.rfm_segment = counted.rfm_segment
where counted.customers is distinct from people.customers
