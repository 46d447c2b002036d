def model(dbt, session):
    """Test every variant against its control."""
    from shopper.estimators.experiments import tests

    samples = dbt.ref("int_experiment_samples").to_arrow_table()
    experiments = dbt.ref("int_experiments").to_arrow_table()
    rules = dbt.ref("experiment_rules").to_arrow_table()
    return tests(samples, experiments, rules)
