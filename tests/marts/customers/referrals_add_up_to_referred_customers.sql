-- A referral that is lost or counted twice makes the value of a referral programme wrong.
with

referrals as (select * from {{ ref('referrals') }}),

int_customers as (select * from {{ ref('int_customers') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

kpi_days as (select * from {{ ref('int_kpi_days') }}),

first_months as (
    select {{ month_of('min(date)') }} as first_month from kpi_days
),

referral_totals as (
    select coalesce(sum(referred_customers), 0) as referred_customers from referrals
),

-- Accounts registered before the shop's first activity, and accounts without any known date, are in no month.
expected_totals as (
    select count(*) as referred_customers
    from int_customers
    cross join first_months
    left join customer_orders on customer_orders.customer_id = int_customers.customer_id
    where
        int_customers.referrer_customer_id is not null
        and coalesce({{ local_date('int_customers.registered_at') }}, customer_orders.first_order_date)
        >= first_months.first_month
)

select
    referral_totals.referred_customers,
    expected_totals.referred_customers as expected_referred_customers
from referral_totals
cross join expected_totals
where referral_totals.referred_customers <> expected_totals.referred_customers
