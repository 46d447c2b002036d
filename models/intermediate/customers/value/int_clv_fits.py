def model(dbt, session):
    """Both models fitted at each cut-off."""
    from shopper.estimators.clv import fits

    cutoffs = dbt.ref("int_clv_cutoffs").to_arrow_table()
    rhythms = dbt.ref("int_clv_rhythms").to_arrow_table()
    spendings = dbt.ref("int_clv_spendings").to_arrow_table()
    return fits(cutoffs, rhythms, spendings)
