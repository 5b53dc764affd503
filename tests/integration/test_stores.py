"""Exports in an object store: a real S3 server on this machine, read like a folder."""

import gzip
import os
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess

import boto3
import duckdb
import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from pipelines.ingest import beside, load, load_contracts, load_exports
from pipelines.ingest.places import find_files
from pipelines.settings import UsageError
from tests.warehouse import empty_warehouse

pytestmark = pytest.mark.slow

DEALS = "Record ID,Deal Name,Deal Stage,Create Date\n1,First,Closed Won,2026-01-02 10:00\n"
COMPANIES = "Record ID,Company name,Company Domain Name\n7,Alpha,alpha.example\n"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a folder in a bucket, and an environment that reaches it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{port}"
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    # It keeps what it has opened, with the endpoint of the server before.
    S3FileSystem.clear_instance_cache()
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="marketing")
    for name, body in {
        "hubspot/deals.csv": DEALS,
        "companies.csv": COMPANIES,
        ".hidden": "x",
    }.items():
        client.put_object(Bucket="marketing", Key=f"exports/{name}", Body=body.encode())
    client.put_object(Bucket="marketing", Key="exports/notes.txt", Body=b"hello")
    yield "s3://marketing/exports"
    server.stop()


def test_a_store_is_read_like_a_folder(
    bucket: str, tmp_path: Path, run_throughline: Callable[..., CompletedProcess[str]]
) -> None:
    found = find_files(bucket)
    assert sorted(file.relative for file in found) == [
        "companies.csv",
        "hubspot/deals.csv",
        "notes.txt",
    ]
    assert {file.size for file in found} == {len(DEALS), len(COMPANIES), 5}
    home = tmp_path / "home"
    run_throughline("run", "--exports", bucket, "--home", home)
    with duckdb.connect(str(home / "published" / "marketing.duckdb"), read_only=True) as release:
        files = release.execute("select path, status, rows_loaded from meta.files order by path")
        assert files.fetchall() == [
            ("companies.csv", "loaded", 1),
            ("hubspot/deals.csv", "loaded", 1),
            ("notes.txt", "unrecognised", 0),
        ]
        won = release.execute("select count(*) from funnel.fct_opportunities where is_won")
        assert won.fetchall() == [(1,)]
    # The listing tells that nothing is new: no object is brought here again.
    again = run_throughline("run", "--exports", bucket, "--home", home)
    assert "nothing new" in again.stdout


def test_objects_are_brought_here_by_several_processes(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parquet and packed lines as well as others; one that is no export is told as ever."""
    duckdb.sql(
        "copy (select 1767225600000000 + i as event_timestamp, '20260101' as event_date, 'view' as"
        " event_name, i || '.1' as user_pseudo_id, []::varchar[] as event_params from range(50)"
        f" as t(i)) to '{tmp_path}/events.parquet' (format parquet)"
    )
    lines = "".join(
        f'{{"event_timestamp":"{1767312000000000 + i}","event_date":"20260102","event_name":"view",'
        f'"user_pseudo_id":"{i}.1","event_params":[]}}\n'
        for i in range(40)
    )
    client = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    for name, body in {
        "ga4/events.parquet": (tmp_path / "events.parquet").read_bytes(),
        "ga4/events.jsonl.gz": gzip.compress(lines.encode()),
    }.items():
        client.put_object(Bucket="marketing", Key=f"exports/{name}", Body=body)
    monkeypatch.setattr(beside, "START_BYTES", 0)
    monkeypatch.setattr(beside, "HEAD_START_BYTES", 0)
    monkeypatch.setattr(load, "TOGETHER_BYTES", 0)
    read_by_writer: list[str] = []
    monkeypatch.setattr(
        load, "deliver", lambda con, found, batch: read_by_writer.append(found.relative)
    )
    with empty_warehouse(tmp_path / "build.duckdb") as con:
        con.execute("set threads = 2")
        load_exports(con, bucket, contracts=load_contracts(), loaded_at=datetime(2026, 10, 1))
        files = con.execute("select path, status, rows_loaded from ops.files order by path")
        assert files.fetchall() == [
            ("companies.csv", "loaded", 1),
            ("ga4/events.jsonl.gz", "loaded", 40),
            ("ga4/events.parquet", "loaded", 50),
            ("hubspot/deals.csv", "loaded", 1),
            ("notes.txt", "unrecognised", 0),
        ]
        days = con.execute("select event_date, count(*) from raw_ga4.events group by 1 order by 1")
        assert days.fetchall() == [("20260101", 50), ("20260102", 40)]
    assert not read_by_writer


def test_a_store_that_cannot_be_reached_is_one_line(
    bucket: str, tmp_path: Path, run_throughline: Callable[..., CompletedProcess[str]]
) -> None:
    del bucket
    failed = run_throughline("run", "--exports", "s3://nobodys/x", "--home", tmp_path, check=False)
    assert failed.returncode == 2
    assert failed.stderr.startswith("throughline: s3://nobodys/x cannot be listed: ")
    with pytest.raises(UsageError, match="extra `stores`"):
        find_files("nowhere://x")
