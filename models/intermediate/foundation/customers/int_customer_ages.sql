with

customers as (
    select * from {{ ref('int_customers') }}
),

age_bands as (
    select * from {{ ref('age_bands') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

-- A birth date after the as-of date is no age.
ages as (
    select
        customers.customer_id,
        {{ age_on('customers.birth_date', 'run_period.as_of_date') }} as age
    from customers
    cross join run_period
    where customers.birth_date <= run_period.as_of_date
)

select
    ages.customer_id,
    age_bands.age_band,
    ages.age
from ages
inner join age_bands
    on age_bands.age_from <= ages.age
    and {{ rule_holds('ages.age', '<', 'age_bands.age_below') }}
