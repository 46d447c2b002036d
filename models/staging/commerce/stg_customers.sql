with

base_customers as (select * from {{ ref('base_customers') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_customers.customer_id,
    base_customers.registered_at,
    base_customers.birth_date,
    base_customers.gender,
    base_customers.country,
    base_customers.region,
    base_customers.city,
    base_customers.city_tier,
    base_customers.customer_type,
    base_customers.occupation,
    base_customers.education,
    base_customers.marital_status,
    base_customers.income_band,
    base_customers.member_level,
    base_customers.points_balance,
    base_customers.signup_channel,
    base_customers.referrer_customer_id,
    base_customers.email_opt_in,
    base_customers.sms_opt_in,
    base_customers.push_opt_in,
    base_customers.merged_into_customer_id,
    base_customers.updated_at
from base_customers
cross join stg_run_period
where
    base_customers.is_current
    and (base_customers.registered_at is null or base_customers.registered_at < stg_run_period.as_of_end_at)
