"""Files in, raw tables out: recognise, read, load. Nothing here knows dbt or Dagster."""

from pipelines.ingest.contract import Contract, Field, load_contracts
from pipelines.ingest.load import LoadPlan, load_exports, plan_load

__all__ = ["Contract", "Field", "LoadPlan", "load_contracts", "load_exports", "plan_load"]
