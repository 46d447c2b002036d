-- A row without its reason or its content can't be mended at the source and stays out of the figures for ever.
select
    table_name,
    row_key,
    rejection_reason,
    raw_row
from {{ ref('quarantined_rows') }}
where
    rejection_reason is null
    or raw_row is null
