"""The metrics, defined once in the models' YAML: their catalogue in each publication, and SQL for a question."""
