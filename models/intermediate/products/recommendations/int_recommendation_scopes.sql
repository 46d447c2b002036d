with

basket_counts as (
    select * from {{ ref('int_basket_counts') }}
),

basket_cutoff as (
    select * from {{ ref('int_basket_cutoff') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
)

select
    'as_of' as scope,
    basket_counts.baskets,
    run_period.as_of_end_at as judged_at
from basket_counts
cross join run_period
where
    basket_counts.level = 'product'
    and basket_counts.city_tier = 'all'

union all

select
    'backtest' as scope,
    basket_counts.training_baskets as baskets,
    {{ local_to_utc('cast(basket_cutoff.cutoff_date as timestamp)') }} as judged_at
from basket_counts
cross join basket_cutoff
where
    basket_counts.level = 'product'
    and basket_counts.city_tier = 'all'
    and basket_counts.training_baskets > 0
