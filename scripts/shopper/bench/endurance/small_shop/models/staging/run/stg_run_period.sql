select max(order_date) as as_of_date
from {{ ref('int_orders') }}
