def model(dbt, session):
    """Every experiment's split held against its plan."""
    from shopper.estimators.experiments import splits

    return splits(dbt.ref("int_experiment_arms").to_arrow_table())
