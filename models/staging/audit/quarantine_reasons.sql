with

quarantined_rows as (select * from {{ ref('quarantined_rows') }})

select
    table_name,
    rejection_reason,
    count(*) as quarantined,
    min(event_at) as first_event_at,
    max(event_at) as last_event_at
from quarantined_rows
group by table_name, rejection_reason
