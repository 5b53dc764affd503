"""The Dagster graph: lineage from file to release, checks that block, runs that never overlap."""

from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.defs.automation.automation import WAREHOUSE_JOB, hourly, new_exports
from pipelines.ingest import load_contracts
from pipelines.transform.manifest import marts


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
        assert dg.AssetCheckKey(key, "delivery_critical") in blocking
    for mart in marts():
        assert dg.AssetCheckKey(dg.AssetKey(list(mart)), "marts_critical") in blocking


def test_one_job_holds_everything_in_one_process(graph: dg.Definitions) -> None:
    job = graph.resolve_job_def(WAREHOUSE_JOB)
    assert job.executor_def.name == "in_process"
    assert dg.AssetKey(["release"]) in job.asset_layer.executable_asset_keys


def test_the_schedule_waits_for_a_run_that_is_under_way(graph: dg.Definitions) -> None:
    job = graph.resolve_job_def(WAREHOUSE_JOB)
    with dg.instance_for_test() as instance:
        idle = hourly(dg.build_schedule_context(instance=instance))
        assert isinstance(idle, dg.RunRequest)
        instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        busy = hourly(dg.build_schedule_context(instance=instance))
        assert isinstance(busy, dg.SkipReason)


def test_the_sensor_starts_a_run_once_a_file_has_stopped_growing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROUGHLINE_EXPORTS", str(tmp_path))
    with dg.instance_for_test() as instance:
        cursor: str | None = None

        def tick() -> dg.SensorResult | dg.SkipReason:
            nonlocal cursor
            result = new_exports(dg.build_sensor_context(instance=instance, cursor=cursor))
            if isinstance(result, dg.SensorResult):
                cursor = result.cursor
            return result

        assert isinstance(tick(), dg.SkipReason), "nothing there"
        (tmp_path / "contacts.csv").write_text("half a fi")
        assert tick().run_requests in (None, []), "still arriving"
        (tmp_path / "contacts.csv").write_text("half a file, and the other half")
        assert tick().run_requests in (None, []), "still arriving"
        requests = tick().run_requests
        assert requests is not None
        assert len(requests) == 1
        assert isinstance(tick(), dg.SkipReason), "nothing new since"
