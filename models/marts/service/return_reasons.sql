with

counted_refunds as (
    select * from {{ ref('int_refunds_valued') }} where is_counted
),

refund_categories as (select * from {{ ref('int_refund_categories') }}),

stg_refunds as (select * from {{ ref('stg_refunds') }}),

landed_flags as (
    select count(is_return) > 0 as has_is_return, count(is_exchange) > 0 as has_is_exchange from stg_refunds
),

counts as (
    select
        counted_refunds.refund_month as month,
        refund_categories.category,
        coalesce(lower(counted_refunds.reason), 'unknown') as reason,
        count(*) as refunds,
        count(*) filter (where counted_refunds.is_return) as returns,
        count(*) filter (where counted_refunds.is_exchange) as exchanges,
        sum(refund_categories.goods_amount) as amount
    from counted_refunds
    inner join refund_categories on refund_categories.refund_id = counted_refunds.refund_id
    group by
        counted_refunds.refund_month,
        refund_categories.category,
        coalesce(lower(counted_refunds.reason), 'unknown')
),

totals as (
    select
        month,
        category,
        cast(sum(returns) as bigint) as category_returns,
        sum(amount) as category_amount
    from counts
    group by month, category
)

select
    counts.month,
    counts.category,
    counts.reason,
    counts.refunds,
    case when landed_flags.has_is_return then counts.returns end as returns,
    case when landed_flags.has_is_return then totals.category_returns end as category_returns,
    {{ rounded_ratio('counts.returns', 'totals.category_returns') }} as share,
    case when landed_flags.has_is_exchange then counts.exchanges end as exchanges,
    {{ money('counts.amount') }} as amount,
    {{ money('totals.category_amount') }} as category_amount,
    {{ rounded_ratio('counts.amount', 'totals.category_amount') }} as amount_share
from counts
cross join landed_flags
inner join totals
    on totals.month = counts.month
    and totals.category = counts.category
