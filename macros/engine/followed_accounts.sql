{#
    The CTE followed_accounts (account_id, customer_id) of a `with recursive` query: where the merges of each merged
    account end. In a cycle, and before one, that is the smallest id of the cycle.

    merges  CTE with account_id (unique), target_id (another account) and accounts (the number of its rows).
#}
{% macro followed_accounts(merges) -%}
    {{ return(adapter.dispatch('followed_accounts', 'shopper_analytics')(merges)) }}
{%- endmacro %}

{% macro default__followed_accounts(merges) -%}
-- Each round doubles the steps that an account has been followed, so that a chain of any length takes the logarithm of
-- it. The end of a chain is in no merge and stays where it is. `smallest_id` is that of the accounts on the way.
jumps (account_id, reached_id, smallest_id, steps, accounts) as (
    select
        account_id,
        target_id as reached_id,
        target_id as smallest_id,
        cast(1 as bigint) as steps,
        accounts
    from {{ merges }}
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
{%- endmacro %}

{#
    Spark lets a query join itself to no copy of itself. So each round follows one merge, and a path ends where there is
    no other merge or where the next account is on it; the path of an account in a cycle is the cycle. Chains of up to
    `spark.sql.cteRecursionLevelLimit` merges.
#}
{% macro spark__followed_accounts(merges) -%}
paths as (
    select account_id, array(account_id, target_id) as path from {{ merges }}
    union all
    select
        paths.account_id,
        concat(paths.path, array({{ merges }}.target_id)) as path
    from paths
    inner join {{ merges }} on {{ merges }}.account_id = element_at(paths.path, -1)
    where not array_contains(paths.path, {{ merges }}.target_id)
),

whole_paths as (
    select account_id, max_by(path, size(path)) as path from paths group by account_id
),

followed_accounts as (
    select
        whole_paths.account_id,
        coalesce(array_min(cycles.path), element_at(whole_paths.path, -1)) as customer_id
    from whole_paths
    left join whole_paths as cycles on cycles.account_id = element_at(whole_paths.path, -1)
)
{%- endmacro %}
