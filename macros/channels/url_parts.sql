{# The host of a URL in lower case without `www.` and port; null where there is none. A bare host counts. #}
{% macro url_host(url) -%}
    coalesce(
        nullif(
            regexp_extract(lower({{ url }}), '^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(?:www[.])?([^/?#:]+)', 1), ''
        ),
        nullif(regexp_extract(lower({{ url }}), '^(?:www[.])?((?:[a-z0-9-]+[.])+[a-z]{2,})(?:[/?#:]|$)', 1), '')
    )
{%- endmacro %}


{# The path of a URL, without host, query, fragment and a closing slash; `/` for the root. #}
{% macro url_path(url) -%}
    {%- set without_query = "regexp_replace(" ~ url ~ ", '[?#].*$', '')" -%}
    {%- set host = "'^(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*|(?:[A-Za-z0-9-]+[.])+[A-Za-z]{2,}/)'" -%}
    '/' || regexp_replace(regexp_replace(regexp_replace({{ without_query }}, {{ host }}, ''), '^/+', ''), '/+$', '')
{%- endmacro %}


{# The first value of a parameter of a URL that is not empty, still encoded; null where there is none. #}
{% macro url_parameter(url, parameter) -%}
    nullif(regexp_extract({{ url }}, '(?i)[?&;#]{{ parameter }}=([^&;#]+)', 1), '')
{%- endmacro %}


{#
    A parameter's value as text: plus signs are spaces, percent signs are decoded twice (links are encoded twice at
    times).
#}
{% macro decoded_parameter(value) -%}
    {{ percent_decoded(percent_decoded("replace(" ~ value ~ ", '+', ' ')")) }}
{%- endmacro %}


{#
    The registered domain of a host: `shop.co.uk` of `m.shop.co.uk`; the host itself where it has none.
#}
{% macro host_site(host) -%}
    coalesce(
        nullif(
            regexp_extract(
                {{ host }}, '([^.]+[.](?:(?:com?|net|org|gov|edu|ac|ne|or)[.][a-z]{2}|[a-z]{2,}))$', 1
            ),
            ''
        ),
        {{ host }}
    )
{%- endmacro %}


{# Whether a host lies under a domain: m.shop.cn under shop.cn, but neither shop.cn itself nor eshop.cn. #}
{% macro lies_under(host, domain) -%}
    right({{ host }}, length({{ domain }}) + 1) = '.' || {{ domain }}
{%- endmacro %}
