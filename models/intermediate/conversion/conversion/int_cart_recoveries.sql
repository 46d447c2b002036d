with

int_abandoned_carts as (select * from {{ ref('int_abandoned_carts') }}),

session_product_carts as (select * from {{ ref('int_session_product_carts') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_visitors as (select * from {{ ref('int_order_visitors') }}),

order_items_valued as (select * from {{ ref('int_order_items_valued') }}),

cart_rules as (select * from {{ ref('cart_rules') }}),

ordered_products as (
    select distinct
        order_items_valued.order_id,
        order_items_valued.product_id,
        orders_valued.customer_id,
        order_visitors.visitor_id,
        orders_valued.order_date,
        orders_valued.ordered_at
    from order_items_valued
    inner join orders_valued on orders_valued.order_id = order_items_valued.order_id
    left join order_visitors on order_visitors.order_id = order_items_valued.order_id
    where orders_valued.is_valid and not orders_valued.is_renewal
),

-- An order of the same visitor or the same customer. Two joins by equality: one join with `or` would compare every cart
-- with every order.
found_orders as (
    {%- for person in ['visitor_id', 'customer_id'] %}
    select
        int_abandoned_carts.session_id,
        ordered_products.order_id,
        ordered_products.ordered_at
    from int_abandoned_carts
    cross join cart_rules
    inner join session_product_carts on session_product_carts.session_id = int_abandoned_carts.session_id
    inner join ordered_products
        on ordered_products.{{ person }} = int_abandoned_carts.{{ person }}
        and ordered_products.product_id = session_product_carts.product_id
    where
        session_product_carts.left_quantity > 0
        and ordered_products.ordered_at > int_abandoned_carts.carted_at
        and {{ days_between(
            'int_abandoned_carts.cart_date', 'ordered_products.order_date'
        ) }} <= cart_rules.recovery_days
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

ranked_orders as (
    select
        session_id,
        order_id,
        ordered_at,
        row_number() over (partition by session_id order by ordered_at, order_id) as order_rank
    from found_orders
)

select
    session_id,
    order_id as recovering_order_id,
    ordered_at as recovered_at
from ranked_orders
where order_rank = 1
