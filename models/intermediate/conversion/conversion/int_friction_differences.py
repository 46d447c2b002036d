def model(dbt, session):
    """Intervals of the differences between the levels of a friction factor in a month."""
    from shopper.estimators.differences import level_differences

    pairs = dbt.ref("int_friction_level_pairs").to_arrow_table()
    rules = dbt.ref("friction_rules").to_arrow_table().to_pylist()
    limits = {rule["factor"]: rule["min_exposures"] for rule in rules}
    return level_differences(pairs, limits, ("month", "factor"), ("next_steps", "exits"))
