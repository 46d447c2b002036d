with

page_loads as (select * from {{ ref('int_page_loads') }}),

product_views as (select * from {{ ref('int_product_views') }}),

checkouts as (select * from {{ ref('int_checkouts') }}),

searches as (select * from {{ ref('int_searches') }}),

recommendation_impressions as (select * from {{ ref('int_recommendation_impressions') }}),

order_payment_outcomes as (select * from {{ ref('int_order_payment_outcomes') }}),

{{ friction_exposures() }}
