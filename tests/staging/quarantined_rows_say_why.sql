-- Every quarantined row has a reason and its content. Otherwise it cannot be corrected at the source and never counts.
select
    table_name,
    row_key,
    rejection_reason,
    raw_row
from {{ ref('quarantined_rows') }}
where
    rejection_reason is null
    or raw_row is null
