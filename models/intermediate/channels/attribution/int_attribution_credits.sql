with

touch_credits as (select * from {{ ref('int_touch_credits') }}),

markov_credits as (select * from {{ ref('int_markov_credits') }}),

attribution_paths as (select * from {{ ref('int_attribution_paths') }}),

attribution_models as (select * from {{ ref('attribution_models') }}),

-- Orders without a touch are unattributed under every model.
credits as (
    select
        attribution_paths.month,
        touch_credits.model,
        touch_credits.channel,
        attribution_paths.order_type,
        touch_credits.credited_orders,
        touch_credits.credited_revenue
    from touch_credits
    inner join attribution_paths on attribution_paths.order_id = touch_credits.order_id
    union all
    select
        markov_credits.month,
        attribution_models.model,
        markov_credits.channel,
        markov_credits.order_type,
        markov_credits.credited_orders,
        markov_credits.credited_revenue
    from markov_credits
    inner join attribution_models on attribution_models.method = 'markov'
    union all
    select
        attribution_paths.month,
        attribution_models.model,
        'unattributed' as channel,
        attribution_paths.order_type,
        cast(1 as decimal(18, 9)) as credited_orders,
        attribution_paths.net_revenue as credited_revenue
    from attribution_paths
    cross join attribution_models
    where attribution_paths.order_id is not null and attribution_paths.touches = 0
)

select
    month,
    model,
    channel,
    order_type,
    cast(sum(credited_orders) as decimal(18, 9)) as credited_orders,
    {{ money('sum(credited_revenue)') }} as credited_revenue
from credits
group by month, model, channel, order_type
