-- Every landed row is staged, a duplicate or in quarantine. Any other row is lost, with its revenue and customer.
select
    table_name,
    rows_in,
    staged,
    duplicates,
    quarantined
from {{ ref('row_ledger') }}
where rows_in <> staged + duplicates + quarantined
