-- A channel without a row would drop its customers from the win-back list.
select
    count(distinct contact_channel) as contact_channels,
    count(distinct cost_rank) as cost_ranks
from {{ ref('contact_channels') }}
having
    count(distinct contact_channel) <> 3
    or count(distinct cost_rank) <> 3
