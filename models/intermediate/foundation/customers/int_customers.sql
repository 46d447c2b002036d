{%- set text_fields = [
    'gender', 'country', 'region', 'city', 'city_tier', 'customer_type', 'occupation', 'education', 'marital_status',
    'income_band', 'member_level', 'signup_channel'
] -%}
{%- set profile_fields = text_fields + [
    'referrer_customer_id', 'points_balance', 'email_opt_in', 'sms_opt_in', 'push_opt_in', 'birth_date', 'registered_at'
] -%}
with

customer_merges as (select * from {{ ref('int_customer_merges') }}),

stg_customers as (select * from {{ ref('stg_customers') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

stg_refunds as (select * from {{ ref('stg_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

orders_converted as (select * from {{ ref('int_orders_converted') }}),

-- The canonical account comes first, then merged ones, newest first. The id breaks ties, so that the order is unique.
ranked_accounts as (
    select
        customer_merges.customer_id,
        {%- for field in profile_fields %}
        stg_customers.{{ field }},
        {%- endfor %}
        row_number() over (
            partition by customer_merges.customer_id
            order by
                case when customer_merges.account_id = customer_merges.customer_id then 0 else 1 end,
                stg_customers.updated_at desc nulls last,
                customer_merges.account_id
        ) as account_rank
    from customer_merges
    left join stg_customers on stg_customers.customer_id = customer_merges.account_id
),

profiles as (
    select
        customer_id,
        count(*) as accounts,
        {%- for field in profile_fields %}
        min_by({{ field }}, account_rank) filter (where {{ field }} is not null) as {{ field }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from ranked_accounts
    group by customer_id
),

-- Visitors of guest orders and `unknown` have orders or credit notes, but no account.
all_customers as (
    select customer_id from profiles
    union
    select customer_id from order_customers
    union
    -- A refund with neither order nor account belongs to `unknown`; all other customers of refunds have one of them.
    select 'unknown' as customer_id
    from stg_refunds
    inner join refunds_converted on refunds_converted.refund_id = stg_refunds.refund_id
    left join orders_converted on orders_converted.order_id = refunds_converted.order_id
    where stg_refunds.customer_id is null and orders_converted.order_id is null
)

select
    all_customers.customer_id,
    {%- for field in text_fields %}
    profiles.{{ field }},
    {%- endfor %}
    -- A customer who refers their own other account has no referrer.
    nullif(
        coalesce(referrers.customer_id, profiles.referrer_customer_id), all_customers.customer_id
    ) as referrer_customer_id,
    coalesce(profiles.accounts, 0) as accounts,
    profiles.points_balance,
    profiles.email_opt_in,
    profiles.sms_opt_in,
    profiles.push_opt_in,
    profiles.customer_id is null and all_customers.customer_id <> 'unknown' as is_visitor,
    all_customers.customer_id <> 'unknown' as is_known_customer,
    profiles.birth_date,
    profiles.registered_at
from all_customers
left join profiles on profiles.customer_id = all_customers.customer_id
left join customer_merges as referrers on referrers.account_id = profiles.referrer_customer_id
