-- What is outstanding is last month's, plus what was sold and credited, less what was refunded and redeemed. Otherwise
-- the shop's debt to holders of cards is wrong.
with

gift_cards as (select * from {{ ref('gift_cards') }}),

compared_months as (
    select
        month,
        outstanding_amount,
        lag(outstanding_amount, 1, 0) over (order by month)
        + sold_amount + credited_amount - refunded_amount - redeemed_amount as expected_amount
    from gift_cards
)

select
    month,
    outstanding_amount,
    expected_amount
from compared_months
where outstanding_amount <> expected_amount
