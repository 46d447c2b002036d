select
    exists(select 1 from {{ ref('stg_customers') }}) as has_customers,
    exists(select 1 from {{ ref('stg_products') }}) as has_products,
    exists(select 1 from {{ ref('stg_inventory_snapshots') }}) as has_inventory_snapshots,
    exists(select 1 from {{ ref('stg_competitor_prices') }}) as has_competitor_prices,
    exists(select 1 from {{ ref('stg_orders') }}) as has_orders,
    exists(select 1 from {{ ref('stg_order_items') }}) as has_order_items,
    exists(select 1 from {{ ref('stg_order_discounts') }}) as has_order_discounts,
    exists(select 1 from {{ ref('stg_payments') }}) as has_payments,
    exists(select 1 from {{ ref('stg_refunds') }}) as has_refunds,
    exists(select 1 from {{ ref('stg_shipments') }}) as has_shipments,
    exists(select 1 from {{ ref('stg_exchange_rates') }}) as has_exchange_rates,
    exists(select 1 from {{ ref('stg_sessions') }}) as has_sessions,
    exists(select 1 from {{ ref('stg_events') }}) as has_events,
    exists(select 1 from {{ ref('stg_marketing_spend') }}) as has_marketing_spend,
    exists(select 1 from {{ ref('stg_campaigns') }}) as has_campaigns,
    exists(select 1 from {{ ref('stg_messages') }}) as has_messages,
    exists(select 1 from {{ ref('stg_promotions') }}) as has_promotions,
    exists(select 1 from {{ ref('stg_experiment_variants') }}) as has_experiment_variants,
    exists(select 1 from {{ ref('stg_experiment_assignments') }}) as has_experiment_assignments,
    exists(select 1 from {{ ref('stg_reviews') }}) as has_reviews,
    exists(select 1 from {{ ref('stg_survey_responses') }}) as has_survey_responses,
    exists(select 1 from {{ ref('stg_support_tickets') }}) as has_support_tickets,
    exists (select 1 from {{ ref('stg_sessions') }})
    or exists (select 1 from {{ ref('stg_events') }}) as has_traffic,
    exists (select 1 from {{ ref('stg_order_items') }} where unit_cost is not null)
    or (
        exists (select 1 from {{ ref('stg_products') }} where unit_cost is not null)
        and exists (select 1 from {{ ref('stg_order_items') }})
    ) as has_costs,
    exists(select 1 from {{ ref('stg_orders') }} where status is not null) as has_order_status,
    exists(select 1 from {{ ref('stg_orders') }} where status is not null or cancelled_at is not null)
        as has_cancellations
