def model(dbt, session):
    """Test every experiment's split against its plan."""
    from shopper.estimators.experiments import splits

    return splits(dbt.ref("int_experiment_arms").to_arrow_table())
