def model(dbt, session):
    """What each promotion added on its days and lost on the days after."""
    from shopper.estimators.campaigns import promotion_effects

    return promotion_effects(dbt.ref("int_promotion_days").to_arrow_table())
