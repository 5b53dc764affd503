"""dbt as a run uses it: what its project says (manifest, fingerprint), and building it.

Nothing here knows what a model means. Rules are in dbt_project/ and seeds/, Dagster's view of the
same nodes in defs/transform.
"""
