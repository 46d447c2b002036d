def model(dbt, session):
    """Every product's price slope, or why it has none."""
    from shopper.estimators.elasticity import elasticities

    weeks = dbt.ref("int_product_weeks_on_sale").to_arrow_table()
    rules = dbt.ref("elasticity_rules").to_arrow_table()
    return elasticities(weeks, rules)
