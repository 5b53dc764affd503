"""Lead scores that are learned, in pure numpy; dbt reads their tables of the schema `solved`."""
