with recursive

stg_customers as (
    select * from {{ ref('stg_customers') }}
),

merge_chains as (
    select * from {{ ref('int_merge_chains') }}
),

endless_merges as (
    select
        stg_customers.customer_id as account_id,
        stg_customers.merged_into_customer_id as target_id,
        count(*) over () as accounts
    from stg_customers
    left join merge_chains on merge_chains.account_id = stg_customers.customer_id
    where
        stg_customers.merged_into_customer_id <> stg_customers.customer_id
        and merge_chains.account_id is null
),

-- An account of the cycle walks until it is back at itself; one that only leads into it is stopped after as many steps
-- as there are accounts, when it has met the whole cycle.
steps (account_id, reached_id, step_number) as (
    select
        account_id,
        target_id as reached_id,
        cast(1 as bigint) as step_number
    from endless_merges
    union all
    select
        steps.account_id,
        endless_merges.target_id as reached_id,
        steps.step_number + 1 as step_number
    from steps
    inner join endless_merges on endless_merges.account_id = steps.reached_id
    where
        steps.reached_id <> steps.account_id
        and steps.step_number < endless_merges.accounts
),

cycle_accounts as (
    select
        account_id,
        min(reached_id) as customer_id
    from steps
    group by account_id
    having max(case when reached_id = account_id then 1 else 0 end) = 1
)

select
    steps.account_id,
    min(cycle_accounts.customer_id) as customer_id
from steps
inner join cycle_accounts on cycle_accounts.account_id = steps.reached_id
group by steps.account_id
