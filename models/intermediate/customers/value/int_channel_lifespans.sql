{%- set enough_customers = 30 -%}
with

customer_acquisitions as (
    select * from {{ ref('int_customer_acquisitions') }}
),

channel_spans as (
    select
        acquisition_channel,
        count(retained_days) as judged_customers,
        coalesce(sum(retained_days), 0) as retained_days
    from customer_acquisitions
    group by acquisition_channel
),

shop_spans as (
    select
        sum(judged_customers) as judged_customers,
        sum(retained_days) as retained_days
    from channel_spans
),

-- A channel with few customers old enough is judged by the shop.
judged_spans as (
    select
        channel_spans.acquisition_channel,
        case
            when channel_spans.judged_customers >= {{ enough_customers }} then channel_spans.judged_customers
            else shop_spans.judged_customers
        end as judged_customers,
        case
            when channel_spans.judged_customers >= {{ enough_customers }} then channel_spans.retained_days
            else shop_spans.retained_days
        end as retained_days
    from channel_spans
    cross join shop_spans
)

-- Month units summed over customers, one month each at least: the mean lifespan is lifespan_units divided by the units of
-- lifespan_customers months, exactly.
select
    acquisition_channel,
    cast(greatest(judged_customers, 1) as bigint) as lifespan_customers,
    cast(greatest(
        {{ days_in_month_units('retained_days') }}, {{ months_in_month_units('greatest(judged_customers, 1)') }}
    ) as bigint) as lifespan_units
from judged_spans
