with

merged_accounts as (select * from {{ ref('int_merged_accounts') }}),

customer_experiments as (
    select distinct experiment_id
    from {{ ref('stg_experiment_variants') }}
    where unit_type = 'customer'
),

-- Every table of the input contract that has a customer_id. An account that is missing here would not be a customer.
accounts as (
    select customer_id as account_id from {{ ref('stg_customers') }}
    union
    select customer_id as account_id from {{ ref('stg_orders') }}
    union
    select customer_id as account_id from {{ ref('stg_refunds') }}
    union
    select customer_id as account_id from {{ ref('stg_sessions') }}
    union
    select customer_id as account_id from {{ ref('stg_events') }}
    union
    select customer_id as account_id from {{ ref('stg_messages') }}
    union
    select customer_id as account_id from {{ ref('stg_reviews') }}
    union
    select customer_id as account_id from {{ ref('stg_survey_responses') }}
    union
    select customer_id as account_id from {{ ref('stg_support_tickets') }}
    union
    select experiment_assignments.unit_id as account_id
    from {{ ref('stg_experiment_assignments') }} as experiment_assignments
    inner join customer_experiments on customer_experiments.experiment_id = experiment_assignments.experiment_id
    union
    select account_id from merged_accounts
)

select
    accounts.account_id,
    coalesce(merged_accounts.customer_id, accounts.account_id) as customer_id
from accounts
left join merged_accounts on merged_accounts.account_id = accounts.account_id
where accounts.account_id is not null
