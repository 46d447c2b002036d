def model(dbt, session):
    """Intervals of the differences between the levels of a friction factor on a rule's last days."""
    from shopper.estimators.differences import level_differences

    pairs = dbt.ref("int_recent_friction_pairs").to_arrow_table()
    rules = dbt.ref("attention_rules").to_arrow_table().to_pylist()
    limits = {rule["rule"]: rule["min_base"] for rule in rules}
    return level_differences(pairs, limits, ("rule",), ("next_steps",))
