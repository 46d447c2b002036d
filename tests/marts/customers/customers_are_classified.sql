-- A customer without a stage, tier or acquisition channel would be missing from every list. `unknown` must have none.
select
    customer_id,
    lifecycle_stage,
    customer_tier,
    acquisition_channel
from {{ ref('customers') }}
where
    (
        is_known_customer
        and (lifecycle_stage is null or customer_tier is null or acquisition_channel is null)
    )
    or (is_known_customer and orders > 0 and frequency_band is null)
    or (
        not is_known_customer
        and coalesce(
            lifecycle_stage, customer_tier, acquisition_channel, rfm_segment, frequency_band, top_category, top_brand
        ) is not null
    )
