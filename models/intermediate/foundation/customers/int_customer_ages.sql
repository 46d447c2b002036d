with

int_customers as (select * from {{ ref('int_customers') }}),

age_bands as (select * from {{ ref('age_bands') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- A birth date after the as-of date gives no age.
ages_on_as_of_date as (
    select
        int_customers.customer_id,
        {{ age_on('int_customers.birth_date', 'stg_run_period.as_of_date') }} as age
    from int_customers
    cross join stg_run_period
    where int_customers.birth_date <= stg_run_period.as_of_date
)

select
    ages_on_as_of_date.customer_id,
    age_bands.age_band,
    ages_on_as_of_date.age
from ages_on_as_of_date
inner join age_bands
    on age_bands.age_from <= ages_on_as_of_date.age
    and {{ rule_holds('ages_on_as_of_date.age', '<', 'age_bands.age_below') }}
