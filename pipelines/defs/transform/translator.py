"""What Dagster shows of dbt's relations: a group per layer and subject, and whose they are."""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from expectations.checks import OWNER
from pipelines.defs.code import written_in
from pipelines.ingest import Contract
from pipelines.project import project, said_by
from pipelines.transform.project import raw_schema

SETTINGS = DagsterDbtTranslatorSettings(
    # A check on a raw table would run in the same step as the models that read it: those would be
    # built before it stops anything. What guards raw tables is the audit of the deliveries.
    enable_source_tests_as_checks=False,
)


# The check that sums up the data tests of a relation: one a test would be most of what Dagster has
# to write down of a run.
DATA_TESTS = "data_tests"


class Translator(DagsterDbtTranslator):  # type: ignore[misc] # the package has no types
    """Groups by folder. What reads raw tables is their contracts' teams', the rest the marts'.

    Attributes:
        checks: once the graph is drawn, the check that each data test is summed up in, by the
            test's unique id.
    """

    def __init__(self, contracts: Iterable[Contract]) -> None:
        super().__init__(SETTINGS)
        self._owners = {(c.current_schema, c.stream): c.owner for c in contracts}
        self._specs: dict[dg.AssetKey, dg.AssetCheckSpec] = {}
        self.checks: dict[str, dg.AssetCheckKey] = {}

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: Any,
    ) -> dg.AssetCheckSpec | None:
        """One check a relation, which reads what any of its tests reads. It is asked of each test,
        and of what has the same name the last one counts.
        """
        test = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if test is None:
            return None
        earlier = self._specs.get(asset_spec.key)
        deps = [*test.additional_deps, *(earlier.additional_deps if earlier else ())]
        spec = dg.AssetCheckSpec(
            DATA_TESTS,
            asset=asset_spec.key,
            additional_deps=sorted({dep.asset_key for dep in deps}),
            blocking=True,
        )
        self._specs[asset_spec.key] = spec
        self.checks[unique_id] = spec.key
        return spec

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Where somebody wrote it, a company's own file among them."""
        path = said_by(project().root / dbt_resource_props["original_file_path"])
        return {**super().get_metadata(dbt_resource_props), **written_in(path)}

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
