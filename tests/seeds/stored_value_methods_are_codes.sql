-- Payment methods are compared as staging writes them: in lower case, with underscores. Another spelling never matches,
-- and what it paid would stay outstanding.
with

stored_value_methods as (select * from {{ ref('stored_value_methods') }})

select payment_method
from stored_value_methods
where payment_method <> replace(replace(lower(trim(payment_method)), ' ', '_'), '-', '_')
