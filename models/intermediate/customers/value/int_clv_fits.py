def model(dbt, session):
    """Both models fitted at each cut-off."""
    from shopper.estimators import clv

    cutoffs = dbt.ref("int_clv_cutoffs").to_arrow_table()
    histories = dbt.ref("int_clv_histories").to_arrow_table()
    return clv.fits(cutoffs, clv.rhythms(histories), clv.spendings(histories))
