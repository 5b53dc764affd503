"""What Dagster shows of dbt's relations: a group per layer and subject, and whose they are."""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from expectations.suites.marts import OWNER
from pipelines.ingest import Contract
from pipelines.transform.project import raw_schema

SETTINGS = DagsterDbtTranslatorSettings(
    # A check on a raw table would run in the same step as the models that read it: those would be
    # built before it stops anything. What guards raw tables is the audit of the deliveries.
    enable_source_tests_as_checks=False,
)


class Translator(DagsterDbtTranslator):  # type: ignore[misc] # the package has no types
    """Groups by folder. What reads raw tables is their contracts' teams', the rest the marts'."""

    def __init__(self, contracts: Iterable[Contract]) -> None:
        super().__init__(SETTINGS)
        self._owners = {(c.current_schema, c.stream): c.owner for c in contracts}

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """A stream is one asset: what holds of it is a view over its raw table."""
        key: dg.AssetKey = super().get_asset_key(dbt_resource_props)
        if dbt_resource_props["resource_type"] == "source":
            schema, *table = key.path
            return dg.AssetKey([raw_schema(schema), *table])
        return key

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """`staging_asana`, `marts_funnel`, `seeds_money`: the folders between project and file."""
        folders = dbt_resource_props["fqn"][1:-1]
        is_seed = dbt_resource_props["resource_type"] == "seed"
        return "_".join(["seeds", *folders] if is_seed else folders)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The teams that can put it right."""
        read = dbt_resource_props.get("depends_on", {}).get("nodes", ())
        # source.throughline.current_asana.tasks
        tables = [tuple(node.split(".")[-2:]) for node in read if node.startswith("source.")]
        teams = {self._owners[table] for table in tables if table in self._owners}
        return [f"team:{team}" for team in sorted(teams or {OWNER})]
