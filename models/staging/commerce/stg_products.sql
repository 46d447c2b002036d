with

base_products as (select * from {{ ref('base_products') }})

select
    base_products.product_id,
    base_products.product_name,
    base_products.product_kind,
    base_products.category,
    base_products.subcategory,
    base_products.brand,
    base_products.list_price,
    base_products.unit_cost,
    base_products.currency,
    base_products.image_count,
    base_products.description_length,
    base_products.listed_at,
    base_products.discontinued_at,
    base_products.updated_at
from base_products
where base_products.is_current
