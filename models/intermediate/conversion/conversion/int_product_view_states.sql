with

visit_events as (select * from {{ ref('int_visit_events') }}),

stg_reviews as (select * from {{ ref('stg_reviews') }}),

stg_inventory_snapshots as (select * from {{ ref('stg_inventory_snapshots') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

product_moments as (
    select
        event_id,
        product_id,
        cast(null as decimal(18, 6)) as rating,
        cast(null as decimal(18, 3)) as on_hand_quantity,
        occurred_at as moment
    from visit_events
    where product_id is not null and is_page_view and page_type = 'product'
    union all
    select
        cast(null as {{ dbt.type_string() }}) as event_id,
        product_id,
        rating,
        cast(null as decimal(18, 3)) as on_hand_quantity,
        date_trunc('second', reviewed_at) as moment
    from stg_reviews
    where product_id is not null
    union all
    select
        cast(null as {{ dbt.type_string() }}) as event_id,
        product_id,
        cast(null as decimal(18, 6)) as rating,
        on_hand_quantity,
        {{ local_to_utc('cast(snapshot_date as timestamp)') }} as moment
    from stg_inventory_snapshots
),

-- `range`, not `rows`: rows of the same moment include each other.
known_moments as (
    select
        product_moments.event_id,
        product_moments.product_id,
        count(product_moments.rating) over so_far as reviews,
        sum(product_moments.rating) over so_far as rating_total,
        max(case when product_moments.on_hand_quantity is not null then product_moments.moment end) over so_far
            as snapshot_at
    from product_moments
    window so_far as (
        partition by product_moments.product_id order by product_moments.moment
        range between unbounded preceding and current row
    )
)

select
    known_moments.event_id,
    snapshots.on_hand_quantity,
    case when inputs_present.has_reviews then known_moments.reviews end as reviews,
    cast(
        {{ whole_quotient('1000 * known_moments.rating_total', 'known_moments.reviews') }} * 0.001 as decimal(18, 3)
    ) as rating
from known_moments
cross join inputs_present
left join product_moments as snapshots
    on snapshots.product_id = known_moments.product_id
    and snapshots.moment = known_moments.snapshot_at
    and snapshots.on_hand_quantity is not null
where known_moments.event_id is not null
