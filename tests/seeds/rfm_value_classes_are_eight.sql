-- A combination without a class would drop its customers from customer_rfm.
select count(*) as classes
from {{ ref('rfm_value_classes') }}
having count(*) <> 8
