with recursive

stg_customers as (select * from {{ ref('stg_customers') }}),

merges as (
    select
        customer_id as account_id,
        merged_into_customer_id as target_id
    from stg_customers
    where merged_into_customer_id <> customer_id
),

final_accounts as (
    select distinct targets.target_id as account_id
    from merges as targets
    left join merges as onward on onward.account_id = targets.target_id
    where onward.account_id is null
),

-- Each chain is followed from its end back to its starts, so that every account is visited once, for chains of any
-- length.
chain_accounts (account_id, customer_id) as (
    select
        account_id,
        account_id as customer_id
    from final_accounts
    union all
    select
        merges.account_id,
        chain_accounts.customer_id
    from chain_accounts
    inner join merges on merges.target_id = chain_accounts.account_id
),

-- The remaining accounts lead into a cycle or are part of one.
endless_merges as (
    select
        merges.account_id,
        merges.target_id,
        count(*) over () as accounts
    from merges
    left join chain_accounts on chain_accounts.account_id = merges.account_id
    where chain_accounts.account_id is null
),

-- An account of a cycle is followed until it comes back to itself. One that only leads into a cycle stops after as many
-- steps as there are accounts: by then it has visited the whole cycle.
cycle_steps (account_id, reached_id, step_number) as (
    select
        account_id,
        target_id as reached_id,
        cast(1 as bigint) as step_number
    from endless_merges
    union all
    select
        cycle_steps.account_id,
        endless_merges.target_id as reached_id,
        cycle_steps.step_number + 1 as step_number
    from cycle_steps
    inner join endless_merges on endless_merges.account_id = cycle_steps.reached_id
    where
        cycle_steps.reached_id <> cycle_steps.account_id
        and cycle_steps.step_number < endless_merges.accounts
),

cycle_accounts as (
    select
        account_id,
        min(reached_id) as customer_id
    from cycle_steps
    group by account_id
    having max(case when reached_id = account_id then 1 else 0 end) = 1
)

select
    account_id,
    customer_id
from chain_accounts
union all
select
    cycle_steps.account_id,
    min(cycle_accounts.customer_id) as customer_id
from cycle_steps
inner join cycle_accounts on cycle_accounts.account_id = cycle_steps.reached_id
group by cycle_steps.account_id
