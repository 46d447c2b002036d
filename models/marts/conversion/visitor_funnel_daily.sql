with

funnel_rates as (select * from {{ ref('int_funnel_rates') }})

select
    date,
    funnel,
    channel,
    device_type,
    operating_system,
    visitor_type,
    step_name,
    label,
    label_zh,
    step_number,
    entries,
    entered,
    reached,
    dropped,
    undecided,
    reached_out_of_order,
    step_conversion_rate,
    overall_conversion_rate,
    median_seconds_from_previous,
    is_required,
    is_complete
from funnel_rates
where scope = 'visitor'
