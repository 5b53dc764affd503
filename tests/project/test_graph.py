"""The Dagster graph: lineage from file to release, checks that block, runs that never overlap."""

import dataclasses
import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test

from pipelines.definitions import defs
from pipelines.defs.automation import automation
from pipelines.defs.automation.automation import WAREHOUSE_JOB, hourly, new_exports, old_runs
from pipelines.defs.transform import translator
from pipelines.defs.transform.transform import dbt_step
from pipelines.ingest import load_contracts
from pipelines.line import STEPS
from pipelines.packs import ceremonies
from pipelines.runs import exclusive
from pipelines.settings import PROJECT_DIR, settings_from_environment
from pipelines.transform.manifest import current_manifest, marts
from pipelines.transform.prepared import AFTER_SOLVE, current_plan


@pytest.fixture(scope="module")
def graph() -> dg.Definitions:
    return defs()


def ancestors(graph: dg.Definitions, key: dg.AssetKey) -> set[dg.AssetKey]:
    assets = graph.resolve_asset_graph()
    found: set[dg.AssetKey] = set()
    waiting = [key]
    while waiting:
        parents = assets.get(waiting.pop()).parent_keys - found
        found |= parents
        waiting += parents
    return found


def test_every_release_leads_back_to_every_source_and_its_files(graph: dg.Definitions) -> None:
    upstream = ancestors(graph, dg.AssetKey(["release"]))
    contracts = load_contracts()
    read = {c.name for c in contracts if dg.AssetKey([c.schema, c.stream]) in upstream}
    assert {name.split(".")[0] for name in read} == {c.source for c in contracts}
    for contract in contracts:
        exports = dg.AssetKey(["exports", contract.source, contract.stream])
        assert (exports in upstream) == (contract.name in read)
        # A stream that no mart needs yet is staged, so that the one who does finds it typed.
        assert exports in ancestors(graph, dg.AssetKey([contract.schema, contract.stream]))
    for mart in marts():
        assert dg.AssetKey(list(mart)) in upstream


def test_raw_tables_and_marts_have_checks_that_block(graph: dg.Definitions) -> None:
    assets = graph.resolve_asset_graph()
    blocking = {key for key in assets.asset_check_keys if assets.get(key).blocking}
    for contract in load_contracts():
        key = dg.AssetKey([contract.schema, contract.stream])
        assert dg.AssetCheckKey(key, "delivery") in blocking
    for mart in marts():
        assert dg.AssetCheckKey(dg.AssetKey(list(mart)), "marts") in blocking


def foreign_checks(steps: Iterable[dg.AssetsDefinition]) -> list[str]:
    """Checks that a step which makes assets carries on assets that another one makes."""
    return [
        f"{step.op.name}: {check.to_user_string()}"
        for step in steps
        for check in (step.check_keys if step.keys else ())
        if check.asset_key not in step.keys
    ]


def test_no_step_carries_a_check_on_what_another_step_makes(graph: dg.Definitions) -> None:
    """It would run after what it guards was used: a check blocks from a step in between."""
    assert foreign_checks(graph.resolve_asset_graph().assets_defs) == []


def test_a_dbt_test_on_a_raw_table_would_be_such_a_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = json.loads(current_manifest().read_text())
    source = "source.throughline.current_hubspot.contacts"
    template = next(
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node["name"].startswith("not_null_")
    )
    test = "test.throughline.source_not_null_hubspot_contacts.0"
    manifest["nodes"][test] = {
        **template,
        "unique_id": test,
        "name": "source_not_null_hubspot_contacts",
        "attached_node": source,
        "depends_on": {"nodes": [source], "macros": []},
        "refs": [],
        "sources": [["current_hubspot", "contacts"]],
    }
    manifest["child_map"][source].append(test)
    manifest["parent_map"][test] = [source]
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))

    def found() -> list[str]:
        return foreign_checks([dbt_step(path, "dbt_models", exclude=AFTER_SOLVE)])

    assert found() == []
    on = dataclasses.replace(translator.SETTINGS, enable_source_tests_as_checks=True)
    monkeypatch.setattr(translator, "SETTINGS", on)
    assert found() == ["dbt_models: raw_hubspot/contacts:data_tests"]


def test_the_steps_are_the_same_from_any_directory(
    graph: dg.Definitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    step = dbt_step(current_manifest(), "dbt_marts", select=AFTER_SOLVE)
    assert {dg.AssetKey(list(key)) for key in marts()} <= step.keys


def test_dbt_and_the_plan_have_the_same_behind_the_solve() -> None:
    step = dbt_step(current_manifest(), "dbt_marts", select=AFTER_SOLVE)
    of_plan = {
        dg.AssetKey([node.schema, node.name])
        for node in current_plan().nodes
        if node.is_after_solve and node.kind != "test"
    }
    assert step.keys == of_plan


def test_every_data_test_is_summed_up_in_the_check_of_its_relation(graph: dg.Definitions) -> None:
    """Dagster writes down each check of a run as planned, and what came of it: few are cheap."""
    manifest = json.loads(current_manifest().read_text())
    tested = {
        node["attached_node"].split(".")[2]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node")
    }
    checks = graph.resolve_asset_graph().asset_check_keys
    summed_up = {key.asset_key.path[-1] for key in checks if key.name == translator.DATA_TESTS}
    assert tested <= summed_up
    assert len(checks) < len(manifest["nodes"]) / 2


def test_every_relation_leads_to_the_file_that_somebody_wrote(graph: dg.Definitions) -> None:
    assets = graph.resolve_asset_graph()
    for key, file in {
        ("attribution", "fct_touches"): "fct_touches.sql",
        ("seeds", "channel_rules"): "channel_rules.csv",
        ("raw_hubspot", "contacts"): "contacts.yml",
        ("solved", "journey_credits"): "line.py",
    }.items():
        (found,) = (
            assets.get(dg.AssetKey(list(key)))
            .metadata["dagster/code_references"]
            .value.code_references
        )
        assert isinstance(found, dg.LocalFileCodeReference)
        assert Path(found.file_path).name == file
        assert Path(found.file_path).is_relative_to(PROJECT_DIR)


def test_every_asset_has_a_group_an_owner_and_a_description(graph: dg.Definitions) -> None:
    assets = graph.resolve_asset_graph()
    for key in assets.get_all_asset_keys():
        node = assets.get(key)
        assert node.group_name != "default", key
        assert node.owners, key
        assert node.description, key
        assert node.kinds, key


@pytest.mark.parametrize(
    ("key", "group"),
    [
        (["exports", "asana", "tasks"], "exports_asana"),
        (["raw_asana", "tasks"], "raw_asana"),
        (["staging", "stg_asana__tasks"], "staging_asana"),
        (["attribution", "fct_touches"], "marts_attribution"),
        (["seeds", "fx_rates"], "seeds_money"),
        (["solved", "journey_credits"], "solved"),
    ],
)
def test_groups_say_layer_and_subject(graph: dg.Definitions, key: list[str], group: str) -> None:
    assert graph.resolve_asset_graph().get(dg.AssetKey(key)).group_name == group


def test_exports_and_raw_tables_carry_the_contracts_team_and_latency(
    graph: dg.Definitions,
) -> None:
    assets = graph.resolve_asset_graph()
    for contract in load_contracts():
        exports = assets.get(dg.AssetKey(["exports", contract.source, contract.stream]))
        raw = assets.get(dg.AssetKey([contract.schema, contract.stream]))
        assert exports.owners == raw.owners == [f"team:{contract.owner}"]
        assert exports.freshness_policy == dg.FreshnessPolicy.time_window(
            timedelta(hours=contract.latency_hours)
        )


def test_one_job_holds_everything_in_one_process(graph: dg.Definitions) -> None:
    job = graph.resolve_job_def(WAREHOUSE_JOB)
    assert job.executor_def.name == "in_process"
    assert dg.AssetKey(["release"]) in job.asset_layer.executable_asset_keys


def test_the_command_takes_the_same_steps_in_an_order_that_the_graph_allows(
    graph: dg.Definitions,
) -> None:
    job = graph.resolve_job_def(WAREHOUSE_JOB).graph
    order = list(STEPS)
    assert {node.name for node in job.nodes} == set(order)
    for name in order:
        inputs = job.dependency_structure.input_to_upstream_outputs_for_node(name)
        for output in (output for outputs in inputs.values() for output in outputs):
            assert order.index(output.node_name) < order.index(name)


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and a home beside it, as a deployment names them."""
    folder = tmp_path / "exports"
    folder.mkdir()
    monkeypatch.setenv("THROUGHLINE_EXPORTS", str(folder))
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path / "home"))
    return folder


def test_schedule_and_sensors_are_on_where_the_daemon_runs(graph: dg.Definitions) -> None:
    repository = graph.get_repository_def()
    assert {s.name: s.default_status.value for s in repository.schedule_defs} == dict.fromkeys(
        ("hourly", *ceremonies()), "RUNNING"
    )
    assert {s.name: s.default_status.value for s in repository.sensor_defs} == {
        "approved_briefs": "RUNNING",
        "new_exports": "RUNNING",
        "old_runs": "RUNNING",
    }


def test_the_schedule_waits_for_exports_and_for_a_run_that_is_under_way(exports: Path) -> None:
    with dg.instance_for_test() as instance:

        def tick() -> dg.RunRequest | dg.SkipReason:
            return hourly(dg.build_schedule_context(instance=instance))

        assert tick().skip_message == f"no exports below {exports}"
        exports.rmdir()
        assert tick().skip_message.startswith(f"there is no folder {exports}")
        exports.mkdir()
        (exports / "contacts.csv").write_text("a,b\n1,2\n")
        assert isinstance(tick(), dg.RunRequest)
        with exclusive(settings_from_environment()):
            assert isinstance(tick(), dg.SkipReason), "a command line writes the warehouse"
        create_run_for_test(instance, WAREHOUSE_JOB, status=dg.DagsterRunStatus.STARTED)
        assert tick().skip_message == "the last run is still under way"


def test_runs_that_ended_long_ago_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    with dg.instance_for_test() as instance:
        ended, started = (
            create_run_for_test(instance, WAREHOUSE_JOB, status=status).run_id
            for status in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.STARTED)
        )
        old_runs(dg.build_sensor_context(instance=instance))
        assert {run.run_id for run in instance.get_runs()} == {ended, started}
        monkeypatch.setattr(automation, "RUNS_KEPT", timedelta(seconds=-1))
        old_runs(dg.build_sensor_context(instance=instance))
        assert {run.run_id for run in instance.get_runs()} == {started}


def test_the_sensor_starts_a_run_once_a_file_has_stopped_growing(exports: Path) -> None:
    with dg.instance_for_test() as instance:
        cursor: str | None = None

        def tick() -> dg.SensorResult | dg.SkipReason:
            nonlocal cursor
            result = new_exports(dg.build_sensor_context(instance=instance, cursor=cursor))
            if isinstance(result, dg.SensorResult):
                cursor = result.cursor
            return result

        assert isinstance(tick(), dg.SkipReason), "nothing there"
        (exports / "contacts.csv").write_text("half a fi")
        assert tick().run_requests in (None, []), "still arriving"
        (exports / "contacts.csv").write_text("half a file, and the other half")
        assert tick().run_requests in (None, []), "still arriving"
        requests = tick().run_requests
        assert requests is not None
        assert len(requests) == 1
        assert isinstance(tick(), dg.SkipReason), "nothing new since"
