def model(dbt, session):
    """Intervals of what each campaign added, from its holdout."""
    from shopper.estimators.campaigns import campaign_intervals

    return campaign_intervals(dbt.ref("int_campaign_holdouts").to_arrow_table())
