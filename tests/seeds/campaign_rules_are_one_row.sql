-- campaign_rules is one row with a whole number of days above 0. Otherwise orders are attributed to no campaign or
-- twice.
with

campaign_rules as (select * from {{ ref('campaign_rules') }})

select
    count(*) as rules,
    min(attribution_days) as attribution_days,
    'expected one row with attribution_days of 1 or more' as what_is_wrong
from campaign_rules
having count(*) <> 1 or min(attribution_days) is null or min(attribution_days) < 1
