with

stg_sessions as (select * from {{ ref('stg_sessions') }}),

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

click_id_parameters as (select * from {{ ref('click_id_parameters') }}),

-- A click id is recognised by its value only if its address does not name the parameter.
bare_click_ids as (
    select distinct stg_sessions.click_id
    from stg_sessions
    left join urls_parsed on urls_parsed.url = stg_sessions.landing_page_url
    where stg_sessions.click_id is not null and urls_parsed.click_id is null
),

recognised_click_ids as (
    select
        bare_click_ids.click_id,
        min_by(click_id_parameters.parameter, click_id_parameters.priority) as parameter
    from bare_click_ids
    inner join click_id_parameters
        on lower(bare_click_ids.click_id) = click_id_parameters.parameter
        or left(lower(bare_click_ids.click_id), length(click_id_parameters.parameter) + 1)
        = click_id_parameters.parameter || '='
        or {{ matches_pattern('lower(bare_click_ids.click_id)', 'click_id_parameters.value_pattern') }}
    group by bare_click_ids.click_id
)

select
    bare_click_ids.click_id,
    coalesce(recognised_click_ids.parameter, 'unknown') as parameter
from bare_click_ids
left join recognised_click_ids on recognised_click_ids.click_id = bare_click_ids.click_id
