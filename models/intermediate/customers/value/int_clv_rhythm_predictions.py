def model(dbt, session):
    """What BG/NBD expects of each rhythm in the cut-off's horizon."""
    from shopper.estimators.clv import rhythm_predictions

    cutoffs = dbt.ref("int_clv_cutoffs").to_arrow_table()
    rhythms = dbt.ref("int_clv_rhythms").to_arrow_table()
    fitted = dbt.ref("int_clv_fits").to_arrow_table()
    return rhythm_predictions(cutoffs, rhythms, fitted)
