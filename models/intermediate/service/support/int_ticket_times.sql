with

tickets as (select * from {{ ref('int_tickets') }}),

-- The ticket id breaks ties; equal times have the same value at any rank.
ranked_tickets as (
    select
        opened_month,
        topic,
        handled_by,
        {%- for event in ['response', 'resolution'] %}
        {{ event }}_seconds,
        row_number() over (
            partition by opened_month, topic, handled_by order by {{ event }}_seconds nulls last, ticket_id
        ) as {{ event }}_rank,
        count({{ event }}_seconds) over (partition by opened_month, topic, handled_by) as {{ event }}s
        {{- "," if not loop.last }}
        {%- endfor %}
    from tickets
)

select
    topic,
    handled_by,
    {{ doubled_median('response_seconds', 'response_rank', 'responses') }} as doubled_median_response_seconds,
    {{ ranked_quantile('response_seconds', 'response_rank', 'responses', 9, 10) }} as p90_response_seconds,
    {{ doubled_median('resolution_seconds', 'resolution_rank', 'resolutions') }} as doubled_median_resolution_seconds,
    opened_month
from ranked_tickets
group by opened_month, topic, handled_by
