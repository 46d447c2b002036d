-- What do women and men buy more of than customers as a whole? One row per gender and category over all months.
-- An index above 1 means a larger share of the group's revenue than of all revenue; with few orders it is unreliable.
with

category_performance as (select * from {{ ref('category_performance') }}),

-- Amounts add up over months and the other traits; shares are divided again from the sums.
group_categories as (
    select
        gender,
        category,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue
    from category_performance
    group by gender, category
),

compared_categories as (
    select
        gender,
        category,
        orders,
        net_revenue,
        sum(net_revenue) over (partition by gender) as group_net_revenue,
        sum(net_revenue) over (partition by category) as category_net_revenue,
        sum(net_revenue) over () as shop_net_revenue
    from group_categories
)

select
    gender,
    category,
    orders,
    net_revenue,
    {{ rounded_ratio('net_revenue', 'group_net_revenue') }} as revenue_share,
    {{ rounded_ratio(
        '(net_revenue * shop_net_revenue)', '(group_net_revenue * category_net_revenue)'
    ) }} as preference_index
from compared_categories
where gender in ('female', 'male')
order by gender, preference_index desc, category
