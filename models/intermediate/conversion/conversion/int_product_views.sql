with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

stg_products as (select * from {{ ref('stg_products') }}),

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
        event_id,
        count(rating) over so_far as reviews,
        sum(rating) over so_far as rating_total,
        max(case when on_hand_quantity is not null then moment end) over so_far as snapshot_at
    from product_moments
    window so_far as (
        partition by product_id order by moment range between unbounded preceding and current row
    )
),

last_product_carts as (
    select session_id, product_id, max(occurred_at) as last_cart_at
    from visit_events
    where is_cart_addition
    group by session_id, product_id
)

select
    visit_events.event_id,
    visit_events.session_id,
    visit_events.product_id,
    stg_products.image_count,
    stg_products.description_length,
    cast(
        {{ whole_quotient('1000 * known_moments.rating_total', 'known_moments.reviews') }} * 0.001 as decimal(18, 3)
    ) as rating,
    case when inputs_present.has_reviews then known_moments.reviews end as reviews,
    snapshots.on_hand_quantity,
    coalesce(last_product_carts.last_cart_at >= visit_events.occurred_at, false) as is_carted,
    visit_events.is_last_view
    and not coalesce(session_outcomes.last_cart_at >= visit_events.occurred_at, false) as is_exit,
    visit_events.session_month
from visit_events
inner join known_moments on known_moments.event_id = visit_events.event_id
inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
cross join inputs_present
left join stg_products on stg_products.product_id = visit_events.product_id
left join last_product_carts
    on last_product_carts.session_id = visit_events.session_id
    and last_product_carts.product_id = visit_events.product_id
left join product_moments as snapshots
    on snapshots.product_id = visit_events.product_id
    and snapshots.moment = known_moments.snapshot_at
    and snapshots.on_hand_quantity is not null
