with recursive

stg_customers as (select * from {{ ref('stg_customers') }}),

merges as (
    select
        customer_id as account_id,
        merged_into_customer_id as target_id,
        count(*) over () as accounts
    from stg_customers
    where merged_into_customer_id <> customer_id
),

-- Each round doubles the steps that an account has been followed, so that a chain of any length takes the logarithm of
-- it. The end of a chain is in no merge and stays where it is. `smallest_id` is that of the accounts on the way.
jumps (account_id, reached_id, smallest_id, steps, accounts) as (
    select
        account_id,
        target_id as reached_id,
        target_id as smallest_id,
        cast(1 as bigint) as steps,
        accounts
    from merges
    union all
    select
        near.account_id,
        coalesce(far.reached_id, near.reached_id) as reached_id,
        least(near.smallest_id, coalesce(far.smallest_id, near.smallest_id)) as smallest_id,
        2 * near.steps as steps,
        near.accounts
    from jumps as near
    left join jumps as far on far.account_id = near.reached_id
    where near.steps < near.accounts
),

last_jumps as (
    select
        account_id,
        reached_id,
        smallest_id
    from jumps
    where steps >= accounts
),

-- After as many steps as there are merged accounts, an account has reached the end of its chain, or is in a cycle, all
-- of which the next steps visit: its smallest id is the customer.
followed_accounts as (
    select
        last_jumps.account_id,
        coalesce(cycle_accounts.smallest_id, last_jumps.reached_id) as customer_id
    from last_jumps
    left join last_jumps as cycle_accounts on cycle_accounts.account_id = last_jumps.reached_id
)

select
    account_id,
    customer_id
from followed_accounts
union
select
    customer_id as account_id,
    customer_id
from followed_accounts
