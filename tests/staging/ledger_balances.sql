-- A landed row that is neither counted, nor outranked, nor in quarantine was lost: revenue and customers are missing
-- and nobody can say which.
select
    table_name,
    rows_in,
    staged,
    duplicates,
    quarantined
from {{ ref('row_ledger') }}
where rows_in <> staged + duplicates + quarantined
