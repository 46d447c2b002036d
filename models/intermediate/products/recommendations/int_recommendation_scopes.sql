with

basket_items as (select * from {{ ref('int_basket_items') }}),

basket_cutoff as (select * from {{ ref('int_basket_cutoff') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

learned_baskets as (
    select
        count(distinct order_id) as baskets,
        count(distinct case when is_training then order_id end) as training_baskets
    from basket_items
    where level = 'product'
)

select
    'as_of' as scope,
    learned_baskets.baskets,
    stg_run_period.as_of_end_at as recommended_at
from learned_baskets
cross join stg_run_period
where learned_baskets.baskets > 0

union all

select
    'backtest' as scope,
    learned_baskets.training_baskets as baskets,
    {{ local_to_utc('cast(basket_cutoff.cutoff_date as timestamp)') }} as recommended_at
from learned_baskets
cross join basket_cutoff
where learned_baskets.training_baskets > 0
