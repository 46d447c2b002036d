def model(dbt, session):
    """What each month would lose without each channel, solved exactly."""
    from shopper.estimators.markov import channel_effects

    return channel_effects(dbt.ref("int_path_transitions").to_arrow_table())
