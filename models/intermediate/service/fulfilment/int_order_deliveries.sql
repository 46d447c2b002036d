with

stg_shipments as (select * from {{ ref('stg_shipments') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- A promise without a time of day is stored as midnight; it runs to the end of that day.
promised_shipments as (
    select
        order_id,
        delivery_method,
        {{ money('shipping_cost') }} as shipping_cost,
        promised_at,
        delivered_at,
        {{ local_date('promised_at') }} as promised_date,
        {{ local_date('delivered_at') }} as delivered_date,
        promised_at = {{ local_to_utc("cast(" ~ local_date('promised_at') ~ " as timestamp)") }} as is_day_promised
    from stg_shipments
),

-- A parcel that has not arrived is late once the promised time is over; before that it is undecided (null).
timed_shipments as (
    select
        promised_shipments.order_id,
        promised_shipments.delivery_method,
        promised_shipments.shipping_cost,
        promised_shipments.delivered_at,
        case
            when promised_shipments.promised_at is null then null
            when
                promised_shipments.delivered_at is null
                and promised_shipments.promised_at >= stg_run_period.as_of_end_at
                then null
            when promised_shipments.delivered_at is null then false
            when promised_shipments.is_day_promised
                then promised_shipments.delivered_date <= promised_shipments.promised_date
            else promised_shipments.delivered_at <= promised_shipments.promised_at
        end as is_on_time,
        promised_shipments.promised_at is not null as is_promised
    from promised_shipments
    cross join stg_run_period
)

-- An order arrives with its last parcel. It is on time if every promised parcel was.
select
    order_id,
    case
        when count(distinct delivery_method) = 0 then 'unknown'
        when count(distinct delivery_method) > 1 then 'mixed'
        else min(delivery_method)
    end as delivery_method,
    count(*) as parcels,
    sum(shipping_cost) as shipping_cost,
    case
        when count(*) filter (where not is_on_time) > 0 then false
        when count(*) filter (where is_promised) > count(is_on_time) then null
        when count(is_on_time) > 0 then true
    end as is_on_time,
    case when count(delivered_at) = count(*) then max(delivered_at) end as delivered_at
from timed_shipments
group by order_id
