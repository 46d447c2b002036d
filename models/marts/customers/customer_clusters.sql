with

clusters_fitted as (select * from {{ ref('int_clusters_fitted') }}),

cluster_inputs as (select * from {{ ref('int_cluster_inputs') }})

select
    clusters_fitted.customer_id,
    clusters_fitted.profile,
    clusters_fitted.profile_zh,
    clusters_fitted.cluster,
    clusters_fitted.clusters,
    clusters_fitted.silhouette,
    clusters_fitted.distance,
    count(*) over (partition by clusters_fitted.cluster) as cluster_customers,
    cluster_inputs.orders,
    cluster_inputs.days_since_last_order,
    cluster_inputs.aov,
    cluster_inputs.discounted_order_share,
    cluster_inputs.sessions,
    cluster_inputs.pages_per_session,
    cluster_inputs.seconds_per_session,
    cluster_inputs.categories_viewed
from clusters_fitted
inner join cluster_inputs on cluster_inputs.customer_id = clusters_fitted.customer_id
