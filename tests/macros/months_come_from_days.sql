-- A month is 30.4375 days. An error in this length would be an equal error in every rate per month and retention.
with

cases as (
    select
        'a month of 487 / 16 days' as case_name,
        1 as expected,
        {{ months_from_days('cast(487 as bigint)', '16') }} as actual
    union all
    select
        'a year' as case_name,
        12 as expected,
        {{ months_from_days('cast(1461 as bigint)', '4') }} as actual
    union all
    select
        'no days' as case_name,
        0 as expected,
        {{ months_from_days('cast(0 as bigint)') }} as actual
    union all
    select
        'nobody' as case_name,
        null as expected,
        {{ months_from_days('cast(5 as bigint)', '0') }} as actual
    union all
    select
        'units of a month' as case_name,
        {{ months_in_month_units(3) }} as expected,
        {{ days_in_month_units('cast(91.3125 as decimal(8, 4))') }} as actual
)

select
    case_name,
    expected,
    actual
from cases
where actual is distinct from expected
