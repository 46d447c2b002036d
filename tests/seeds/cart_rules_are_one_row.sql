-- cart_rules has one row, with a whole number of days above 0. Without the row no cart would have a row; with two rows
-- every cart would have two.
with

cart_rules as (select * from {{ ref('cart_rules') }})

select
    count(*) as rules,
    min(recovery_days) as recovery_days,
    'expected one row with recovery_days of 1 or more' as what_is_wrong
from cart_rules
having count(*) <> 1 or min(recovery_days) is null or min(recovery_days) < 1
