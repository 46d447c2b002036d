def model(dbt, session):
    """Every buyer's cluster."""
    from shopper.estimators.clusters import clusters

    inputs = dbt.ref("int_cluster_inputs").to_arrow_table()
    features = dbt.ref("cluster_features").to_arrow_table()
    return clusters(inputs, features)
