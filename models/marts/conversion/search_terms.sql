with

searches as (select * from {{ ref('int_searches') }}),

terms as (
    select
        session_month as month,
        search_term,
        count(*) as searches,
        count(distinct session_id) as sessions,
        count(search_result_count) as searches_with_count,
        count(case when search_result_count = 0 then 1 end) as zero_result_searches,
        count(case when is_clicked then 1 end) as clicked_searches,
        {{ known_count('is_converted') }} as converted_searches,
        nullif(count(is_converted), 0) as searches_on_common_days,
        count(case when is_exit then 1 end) as exits
    from searches
    group by session_month, search_term
)

select
    month,
    search_term,
    searches,
    sessions,
    searches_with_count,
    zero_result_searches,
    {{ rounded_ratio('zero_result_searches', 'searches_with_count') }} as zero_result_rate,
    clicked_searches,
    {{ rounded_ratio('clicked_searches', 'searches') }} as click_through_rate,
    converted_searches,
    searches_on_common_days,
    {{ rounded_ratio('converted_searches', 'searches_on_common_days') }} as conversion_rate,
    exits,
    {{ rounded_ratio('exits', 'searches') }} as exit_rate
from terms
