def model(dbt, session):
    """What BG/NBD expects of each rhythm in the cut-off's horizon."""
    from shopper.estimators import clv

    cutoffs = dbt.ref("int_clv_cutoffs").to_arrow_table()
    histories = dbt.ref("int_clv_histories").to_arrow_table()
    fitted = dbt.ref("int_clv_fits").to_arrow_table()
    return clv.rhythm_predictions(cutoffs, clv.rhythms(histories), fitted)
