"""Which marts and columns a relation changes, and why. All others must be equal."""

from __future__ import annotations

from typing import Final

Columns = dict[str, set[str]]

# Columns by mart that a relation changes; `*`: the whole mart.
CURRENCY: Final[Columns] = {"orders": {"currency"}, "refunds": {"currency"}}

SPLIT_LINES: Final[Columns] = {
    "order_items": {"*"},  # its rows are the lines
    "orders": {"items"},
}

RENAMED: Final[Columns] = {
    # Views of one moment have no order but that of their ids.
    "sessions": {"exit_page"},
}

SHIFTED: Final[Columns] = {
    "orders": {"order_month"},
    "order_items": {"order_month"},
    "refunds": {"refund_month"},
    "sessions": {"session_month"},
    # Acquisition cost is that of the calendar month.
    "customer_lifetime_value": {"acquisition_cost", "clv_to_cac"},
    # The month of the purchase is named.
    "customer_recommendations": {"reason", "reason_zh"},
    # Effects of calendar months are taken out.
    "price_elasticity": {"elasticity", "elasticity_low", "elasticity_high", "promotion_effect", "verdict"},
    # Measured at ends of months.
    "churn_signal_backtest": {"*"},
    "customer_rfm_history": {"*"},
    "rfm_segment_transitions": {"*"},
    "satisfaction_by_value": {"*"},
    # The steps of a checkout are those of the finished ones of its month and platform: a checkout that moves to a month
    # with another median, or with none, moves its level.
    "friction_factors": {"*"},
    # Occasions and months stay where they are.
    "category_seasonality": {"*"},
    "kpi_monthly": {"*"},
    # By ages that depend on the calendar.
    "satisfaction_by_group": {"*"},
    # Of monthly costs.
    "channel_efficiency_overall": {"payback_months"},
}

# Marts by calendar month: other months hold the rows, but all months together hold as much.
TOTALS_OVER_MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "category_performance": ("orders", "units", "net_revenue"),
    "channel_attribution": ("credited_orders", "credited_revenue"),
    "channel_efficiency": ("sessions", "orders", "net_revenue", "spend", "new_customers"),
    "content_performance": ("views", "to_product_views", "converted_views", "exits"),
    "landing_pages": (
        "sessions", "sessions_with_events", "bounces", "cart_sessions", "converting_sessions", "orders", "net_revenue",
    ),
    "order_fulfilment": ("placed", "completed", "cancelled", "failed", "shipped", "delivered", "refunded_amount"),
    "page_paths": ("transitions", "exits"),
    "payment_methods": ("attempts", "succeeded", "failed", "amount"),
    "recommendation_performance": ("impressions", "clicked", "carted"),
    "referrals": ("shares", "referred_customers", "net_revenue"),
    "retention_cohorts": ("orders", "net_revenue", "gross_margin"),
    "retention_cohorts_overall": ("orders", "net_revenue", "gross_margin"),
    "return_reasons": ("refunds", "returns", "amount"),
    "revenue_tree": ("orders", "items", "net_revenue"),
    "satisfaction_scores": ("invited", "responses"),
    "search_terms": ("searches", "clicked_searches", "converted_searches"),
    "support_performance": ("tickets", "complaints", "answered_tickets"),
}  # fmt: skip

# One row a person or a thing that a person did: twice the population is twice the rows.
ROWS_OF_PEOPLE: Final = frozenset(
    {
        "abandoned_carts", "customer_churn_signals", "customer_lifetime_value", "customer_loyalty",
        "customer_preferences", "customer_rfm", "customer_rfm_history", "customer_shopper_types", "customer_tags",
        "customers", "order_items", "orders", "refunds", "sessions", "winback_candidates",
    }
)  # fmt: skip

# Numbers that stay when everybody is there twice; all others double.
SAME_FOR_TWICE_THE_PEOPLE: Final = frozenset(
    {
        "activity_share", "add_to_cart_rate", "all_days", "amount_share", "aov", "aov_without", "arpu",
        "best_window_start_hour", "bounce_rate", "cac", "change", "churn_rate", "churn_rate_with", "churn_rate_without",
        "claimed_to_own_ratio", "click_rate", "click_through_rate", "click_to_open_rate", "clv",
        "clv_from_acquisition", "clv_to_cac",
        "competitor_price", "competitors", "complaints_per_order", "completion_rate", "control_mean", "conversion_rate",
        "cost_per_order", "count_age_days", "cumulative_net_revenue_per_customer", "customer_share",
        "customer_stickiness", "days", "days_of_cover", "days_since_last_sale", "delivery_rate", "demand_days",
        "difference", "discount_depth", "discount_share", "display_order", "elasticity", "elasticity_high",
        "elasticity_low", "exchange_rate", "exit_rate", "in_stock_days", "index", "index_against_shop",
        "items_per_order", "lead_time_days", "lift", "margin_covered_share", "margin_rate", "margin_rate_without",
        "mean", "median_delivery_days", "median_first_response_minutes", "median_gap_days", "median_resolution_hours",
        "median_seconds_from_previous", "net_price", "new_customer_share", "new_visitor_conversion_rate",
        "occurrences", "off_category_add_to_cart_rate", "off_category_click_through_rate", "off_category_share",
        "on_time_rate", "open_rate", "open_rate_inside", "open_rate_outside", "order_share", "orders_per_customer",
        "orders_share", "overall_conversion_rate", "overall_revenue_share", "p90_delivery_days",
        "p90_first_response_minutes", "page_share", "pages_per_person", "payback_months", "people_share",
        "planned_share", "preference_index", "previous_items_per_order", "previous_orders_per_customer",
        "previous_price_per_item", "price_per_item", "price_points", "product_add_to_cart_rate", "products",
        "promotion_days", "promotion_effect", "promotion_index", "promotion_order_share", "rating",
        "referred_per_sharer", "refund_share", "relative_lift", "relative_price", "repurchase_gap", "repurchase_rate",
        "repurchase_rate_90d", "resolution_hours", "response_rate", "retention_months", "retention_rate",
        "return_rate", "revenue_gap_per_customer", "revenue_per_customer", "revenue_share", "roas", "roi",
        "same_category_add_to_cart_rate", "same_category_click_through_rate", "satisfaction", "score", "share",
        "share_within_5_minutes", "shipping_cost_per_order", "shop_index", "step_conversion_rate", "stickiness",
        "stock_out_days", "success_rate", "target", "time_share", "to_product_rate", "topic_share", "touches",
        "unsubscribe_rate", "view_to_order_rate", "weeks", "weeks_on_sale", "year_change", "zero_result_rate",
    }
)  # fmt: skip

# Columns that neither stay nor double: intervals get narrower, rules ask for a least number of people or orders.
WITH_TWICE_THE_PEOPLE: Final[Columns] = {
    "attention_list": {"*"},
    "category_seasonality": {"suggested_occasion", "suggested_scene", "suggested_scene_zh"},
    "churn_signal_backtest": {
        "churn_rate_with_low", "churn_rate_with_high", "churn_rate_without_low", "churn_rate_without_high",
    },
    "clv_model_parameters": {"value"},  # a likelihood doubles, a parameter stays
    "customer_clusters": {"*"},
    # A channel with 15 to 29 customers of known lifespan has 30 of them then, so that its own counts, not the shop's.
    "customer_lifetime_value": {"expected_lifespan_months", "formula_clv"},
    "customer_recommendations": {"*"},
    "experiment_results": {
        "difference_low", "difference_high", "detectable_difference", "p_value", "p_value_adjusted", "srm_p_value",
        "verdict", "finding", "label", "label_zh", "has_few_buyers",
    },
    "friction_factors": {"*"},
    "kpi_monthly": {"value", "previous", "year_ago"},  # rates stay, counts double: kpi_daily says which
    "order_fulfilment": {"on_time_rate_low", "on_time_rate_high"},
    "product_affinity": {"*"},
    "product_affinity_by_city_tier": {"*"},
    "product_recommendations": {"*"},
    "recommendation_backtest": {"*"},
    "replenishment_plan": {"plan", "lead_time_days", "reorder_date", "is_reorder_due"},
    "satisfaction_by_value": {
        "repurchase_rate_90d_low", "repurchase_rate_90d_high", "repurchase_gap_low", "repurchase_gap_high",
    },
    "satisfaction_scores": {"score_low", "score_high"},
    "satisfaction_by_group": {"score_low", "score_high"},
    "support_performance": {"share_within_5_minutes_low", "share_within_5_minutes_high"},
}  # fmt: skip

# What is null without a cost of goods, in rows with revenue in the column named first.
COST: Final[dict[str, tuple[str, set[str]]]] = {
    "campaign_performance": ("attributed_revenue", {"attributed_margin", "roi"}),
    "customer_lifetime_value": ("historical_value", {"margin_rate"}),
    "order_items": ("net_revenue", {"cost_amount", "gross_margin"}),
    "orders": ("net_revenue", {"cost_amount", "covered_gross_margin", "gross_margin"}),
    "product_performance": ("net_revenue", {"covered_gross_margin", "gross_margin"}),
    "promotion_performance": (
        "net_revenue",
        {"covered_gross_margin_without", "margin_after_discount", "margin_rate"},
    ),
    "retention_cohorts": ("net_revenue", {"gross_margin"}),
    "retention_cohorts_overall": ("net_revenue", {"gross_margin"}),
}
# What may change besides: sums over what is covered, and decisions on value over cost.
OF_COVERED: Final[Columns] = {
    "attention_list": {"*"},
    "campaign_performance": {"attributed_covered_revenue", "margin_covered_share"},
    "channel_efficiency": {"clv_to_cac", "payback_months"},
    "channel_efficiency_overall": {"clv_to_cac", "payback_months"},
    "customer_lifetime_value": {"clv_to_cac"},
    "orders": {"covered_net_revenue", "cost_covered_share"},
    "product_performance": {"covered_net_revenue"},
    "promotion_performance": {
        "covered_net_revenue", "margin_covered_share", "covered_net_revenue_without", "margin_rate_without",
    },
    "retention_cohorts": {"covered_net_revenue", "cumulative_covered_net_revenue", "cumulative_gross_margin"},
    "retention_cohorts_overall": {"covered_net_revenue", "cumulative_covered_net_revenue", "cumulative_gross_margin"},
}  # fmt: skip

# Columns by table that are 0 or false without it, which is right: nothing was counted or marked.
EMPTY_IS_ZERO: Final[Columns] = {
    "campaigns": {
        "campaign_performance.is_known",
    },
    "competitor_prices": {
        "price_elasticity.competitors",
    },
    "events": {
        "funnel_daily.reached_out_of_order", "visitor_funnel_daily.reached_out_of_order",
        # No session was measured by events.
        "channel_efficiency.sessions_with_pages", "channel_efficiency_overall.sessions_with_pages",
        "customer_shopper_types.sessions_with_events", "landing_pages.sessions_with_events",
        "session_traffic_daily.measured_sessions",
        # Failed payments are left, which orders tell: too few of them in a month to compare.
        "friction_factors.is_comparable",
    },
    "exchange_rates": {
        "orders.has_total_mismatch",
    },
    "order_items": {
        "orders.has_total_mismatch",
        # No cost is known, so no revenue is covered.
        "campaign_performance.attributed_covered_revenue", "campaign_performance.margin_covered_share",
        "orders.cost_covered_share", "orders.covered_net_revenue", "promotion_performance.covered_net_revenue",
        "promotion_performance.covered_net_revenue_without", "promotion_performance.margin_covered_share",
        "retention_cohorts.covered_net_revenue", "retention_cohorts.cumulative_covered_net_revenue",
        "retention_cohorts_overall.covered_net_revenue", "retention_cohorts_overall.cumulative_covered_net_revenue",
        # An order is one item.
        "revenue_tree.items_per_order_part",
    },
    "orders": {
        "customer_tier_summary.window_customers", "customers.goods_refund_amount", "customers.is_visitor",
        "refunds.is_exchange", "refunds.is_return", "refunds.is_refund_implied",
        # Credit notes without an order are left: all of them is goods, and no unit of them is known to be back.
        "refunds.other_amount", "return_reasons.category_returns", "return_reasons.exchanges", "return_reasons.returns",
        # Nobody to fit.
        "clv_model_parameters.value",
    },
    "products": {
        "product_performance.is_discontinued",
        # No cost is known, so no revenue is covered; what sold nothing has no margin.
        "promotion_performance.covered_net_revenue", "promotion_performance.margin_covered_share",
        "campaign_performance.attributed_covered_revenue", "campaign_performance.attributed_margin",
        "campaign_performance.margin_covered_share", "promotion_performance.margin_after_discount",
        # No price and no category is known, so nothing is priced or compared.
        "abandoned_carts.priced_products", "recommendation_performance.compared_impressions",
    },
    "promotions": {
        "promotion_performance.is_known",
    },
    "refunds": {
        "customers.credit_note_amount", "customers.goods_refund_amount", "order_items.goods_refund_amount",
        "order_items.returned_quantity", "orders.goods_refund_amount", "orders.other_refund_amount",
        # Refunds of a status alone are left: they are of an order, and no exchange.
        "refunds.is_credit_note", "refunds.is_exchange", "refunds.is_return",
    },
    "sessions": {
        "sessions.is_bot",
        # Paid back in the first month.
        "channel_efficiency.payback_months",
    },
    "shipments": {
        "order_fulfilment.costed_orders",
    },
    "survey_responses": {
        "customer_loyalty.intent_answers",
    },
}  # fmt: skip

# Columns by table that turn 0 or false in some rows without it, which is right; `*`: the whole mart. Most are of other
# facts than before, since the rows of a mart stay and what they hold moves.
TURNS_ZERO: Final[Columns] = {
    "exchange_rates": {
        # Orders and refunds in other currencies wait in quarantine, as the ledger says: some days, customers, visits
        # and products have no other order.
        "channel_attribution.*", "channel_efficiency.*", "customer_lifetime_value.*", "customer_preferences.*",
        "customer_recommendations.*", "customer_shopper_types.*", "customers.*", "kpi_daily.*", "kpi_monthly.*",
        "landing_pages.*", "order_fulfilment.*", "product_performance.*", "replenishment_plan.*",
        "rfm_segment_transitions.*", "session_traffic_daily.*", "sessions.*",
    },
    "sessions": {
        # Events alone know fewer customers, so that visits, hours and days have fewer of them.
        "customer_activity_daily.*", "customer_preferences.*", "send_time_preferences.*", "sessions.is_identified",
        # A channel and its cohorts keep the customers that something else tells: fewer of these came back.
        "channel_efficiency.repurchase_rate_90d", "channel_efficiency.repurchased_customers",
        "channel_efficiency.retained_days", "channel_efficiency.retention_months", "retention_cohorts.*",
        # People are typed by the measures that are left: nobody is known to come by share or social.
        "customer_shopper_types.connector_score", "shopper_type_summary.*",
    },
    "events": {
        # Nobody could be observed.
        "churn_signal_backtest.*", "customer_churn_signals.churn_score", "customer_churn_signals.signal_weight",
        # Ranks hold another category or brand: that of orders alone.
        "customer_preferences.*",
        # People are typed by the measures that are left.
        "customer_shopper_types.*", "shopper_type_summary.*",
    },
    "orders": {
        # Visitors who only ordered are no customers, and orders make no day active.
        "customer_activity_daily.*", "customer_preferences.*", "send_time_preferences.*",
        # People are typed by the measures that are left.
        "customer_shopper_types.*", "shopper_type_summary.*",
    },
    "order_items": {
        # Ranks hold another category or brand: that of views alone.
        "customer_preferences.*",
        # What the order's total leaves for goods, which is nothing.
        "return_reasons.category_amount",
    },
    "products": {
        # People are typed by the measures that are left.
        "customer_shopper_types.*", "shopper_type_summary.*",
        # No cost is known but that of lines, so no revenue of other lines is covered.
        "orders.cost_covered_share", "orders.covered_gross_margin", "orders.covered_net_revenue",
        "product_performance.covered_gross_margin", "product_performance.covered_net_revenue",
        "promotion_performance.covered_gross_margin_without", "promotion_performance.covered_net_revenue_without",
        "retention_cohorts.covered_net_revenue", "retention_cohorts.cumulative_covered_net_revenue",
        "retention_cohorts_overall.covered_net_revenue", "retention_cohorts_overall.cumulative_covered_net_revenue",
    },
    "customers": {
        # The hours of all are those of the group without a gender and age.
        "send_time_preferences.is_best_window",
    },
    "refunds": {
        # Refunds of a status alone are left, and what no status tells is none.
        "customer_lifetime_value.historical_value", "customers.net_revenue_after_refunds", "kpi_daily.goods_refunds",
        "kpi_daily.refunds", "kpi_monthly.numerator", "kpi_monthly.previous", "kpi_monthly.value",
        "kpi_monthly.year_ago", "order_fulfilment.refund_share", "order_fulfilment.refunded_amount",
    },
    # Other customers have an opinion.
    "reviews": {"satisfaction_by_value.*"},
    "survey_responses": {"satisfaction_by_value.*"},
    "support_tickets": {
        # Of a prospect only the tickets were known to be good.
        "customer_loyalty.loyalty_score",
    },
}  # fmt: skip
