def model(dbt, session):
    """How far chance alone moves what a holdout shows of a campaign."""
    from shopper.estimators.campaigns import campaign_intervals

    return campaign_intervals(dbt.ref("int_campaign_holdouts").to_arrow_table())
