def model(dbt, session):
    """What every promotion added, and what the days after it took back."""
    from shopper.estimators.campaigns import promotion_effects

    return promotion_effects(dbt.ref("int_promotion_weekdays").to_arrow_table())
