{# Seeds of shopper_analytics are seeded as it needs them, our own as usual. #}
{% materialization seed, adapter='duckdb' %}
    {{ return(shopper_analytics.materialization_seed_duckdb()) }}
{% endmaterialization %}
