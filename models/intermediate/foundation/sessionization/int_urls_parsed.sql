{%- set parameters = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term'] -%}
with

stg_sessions as (select * from {{ ref('stg_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

click_id_parameters as (select * from {{ ref('click_id_parameters') }}),

addresses as (
    select landing_page_url as url, true as is_own_page from stg_sessions where landing_page_url is not null
    union
    select referrer_url as url, false as is_own_page from stg_sessions where referrer_url is not null
    union
    select page_url as url, true as is_own_page from stg_events where page_url is not null
),

urls as (
    select url, bool_or(is_own_page) as is_own_page from addresses group by url
),

-- An address can have several click ids: the seed's priority decides.
url_click_ids as (
    select
        urls.url,
        min_by(click_id_parameters.parameter, click_id_parameters.priority) as click_id
    from urls
    inner join click_id_parameters
        on contains(lower(urls.url), '?' || click_id_parameters.parameter || '=')
        or contains(lower(urls.url), '&' || click_id_parameters.parameter || '=')
    where contains(urls.url, '=')
    group by urls.url
),

extracted as (
    select
        url,
        is_own_page,
        {{ url_host('url') }} as host,
        {{ url_path('url') }} as path,
        {%- for parameter in parameters %}
        case
            when contains(url, '=') then {{ url_parameter('url', parameter) }}
        end as {{ parameter }}{{ "," if not loop.last }}
        {%- endfor %}
    from urls
),

-- Text of parameters is decoded, cleaned, and redacted only then: what was encoded in the address is readable now.
{%- for step, before in [('decoded', 'extracted'), ('cleaned', 'decoded'), ('redacted', 'cleaned')] %}
{{ step }} as (
    select
        url,
        is_own_page,
        host,
        path,
        {%- for parameter in parameters %}
        {% if step == 'decoded' -%} {{ decoded_parameter(parameter) }}
        {%- elif step == 'cleaned' -%} {{ clean_text(parameter) }}
        {%- else -%} {{ redacted_text(parameter) }}
        {%- endif %} as {{ parameter }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ before }}
){{ "," if not loop.last }}
{% endfor %}
select
    redacted.url,
    redacted.host,
    {{ host_site('redacted.host') }} as site,
    redacted.path,
    {%- for parameter in parameters %}
    redacted.{{ parameter }},
    {%- endfor %}
    url_click_ids.click_id,
    -- Text that differs between two campaigns. Null if the address has no campaign.
    case
        when
            coalesce(redacted.utm_source, redacted.utm_medium, redacted.utm_campaign, url_click_ids.click_id)
            is not null
            then lower(
                {%- for part in [
                    'redacted.utm_source', 'redacted.utm_medium', 'redacted.utm_campaign', 'url_click_ids.click_id'
                ] %}
                coalesce({{ part }}, ''){{ " || '|' || " if not loop.last }}
                {%- endfor %}
            )
    end as campaign_signature,
    redacted.is_own_page
from redacted
left join url_click_ids on url_click_ids.url = redacted.url
