-- Exactly one method is used, every method has all weights, and `popularity` exists as the baseline. A missing weight
-- would make every score of its method null.
with

recommendation_methods as (select * from {{ ref('recommendation_methods') }})

select
    count(case when is_used then 1 end) as used_methods,
    count(case when method = 'popularity' then 1 end) as baselines,
    count(case
        when repeat_weight >= 0 and related_weight >= 0 and category_weight >= 0 and popular_weight >= 0 then 1
    end) as weighted_methods,
    count(*) as methods
from recommendation_methods
having
    count(case when is_used then 1 end) <> 1
    or count(case when method = 'popularity' then 1 end) <> 1
    or count(*) <> count(case
        when repeat_weight >= 0 and related_weight >= 0 and category_weight >= 0 and popular_weight >= 0 then 1
    end)
