with

marketing_spend_channels as (
    select * from {{ ref('int_marketing_spend_channels') }}
)

select
    spend_date as date,
    {{ money('sum(spend_amount)') }} as spend
from marketing_spend_channels
group by spend_date
