with

merge_chains as (
    select * from {{ ref('int_merge_chains') }}
),

merge_cycles as (
    select * from {{ ref('int_merge_cycles') }}
),

experiment_variants as (
    select * from {{ ref('stg_experiment_variants') }}
),

experiment_assignments as (
    select * from {{ ref('stg_experiment_assignments') }}
),

merged_accounts as (
    select account_id, customer_id from merge_chains
    union all
    select account_id, customer_id from merge_cycles
),

customer_experiments as (
    select distinct experiment_id from experiment_variants where unit_type = 'customer'
),

accounts as (
    {%- for table_name in [
        'customers', 'orders', 'refunds', 'sessions', 'events', 'messages', 'reviews', 'survey_responses',
        'support_tickets'
    ] %}
    select customer_id as account_id from {{ ref('stg_' ~ table_name) }} where customer_id is not null
    union
    {%- endfor %}
    select experiment_assignments.unit_id as account_id
    from experiment_assignments
    inner join customer_experiments on customer_experiments.experiment_id = experiment_assignments.experiment_id
    where experiment_assignments.unit_id is not null
    union
    select account_id from merged_accounts
)

select
    accounts.account_id,
    coalesce(merged_accounts.customer_id, accounts.account_id) as customer_id
from accounts
left join merged_accounts on merged_accounts.account_id = accounts.account_id
