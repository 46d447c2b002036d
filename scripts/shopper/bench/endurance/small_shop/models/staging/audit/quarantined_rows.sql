select
    'orders' as table_name,
    order_id as row_key,
    'none' as rejection_reason
from {{ ref('int_orders') }}
where order_id is null
