-- Without its one row every rate of the service marts would be null; with two rows every order would count twice.
with

service_rules as (select * from {{ ref('service_rules') }})

select
    count(*) as rules,
    min(order_days) as order_days,
    min(answer_days) as answer_days,
    min(interval_answers_from) as interval_answers_from,
    'expected one row with days of 1 or more and two answers or more' as what_is_wrong
from service_rules
having
    count(*) <> 1
    or coalesce(min(order_days) < 1, true)
    or coalesce(min(answer_days) < 1, true)
    or coalesce(min(interval_answers_from) < 2, true)
