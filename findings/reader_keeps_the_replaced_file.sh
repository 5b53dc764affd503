#!/usr/bin/env bash
# duckdb 1.5.5 with duckdb-engine 0.17.0 and SQLAlchemy 2.0: a NullPool does not bring a replaced file.
# A NullPool opens a connection a use, so one would expect the file of that moment, which a publisher has put in
# place by rename.
# Seen: as long as one connection of the process is open, any other of the same path, whatever its pool, reads the file
# that was there before: DuckDB has one instance a path. A server that is always busy is stale for days. A database
# in memory that attaches the path anew reads the new one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5 duckdb-engine==0.17.0 'sqlalchemy==2.0.44'
env/bin/python - <<'PYTHON'
import os
import subprocess
import sys

import duckdb
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

WRITE = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute(f'create table release as select {sys.argv[2]} as id')"


def publish(number: int) -> None:
    """By another process, as a scheduler does."""
    subprocess.run([sys.executable, "-c", WRITE, "next.duckdb", str(number)], check=True)
    os.replace("next.duckdb", "released.duckdb")


def seen(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("select id from release")).scalar_one()


publish(1)
engine = create_engine(
    "duckdb:///released.duckdb", poolclass=NullPool, connect_args={"read_only": True}
)
busy = engine.connect()
busy.execute(text("select id from release")).scalar_one()
publish(2)
while_busy = seen(engine)
with duckdb.connect() as memory:
    memory.execute("attach 'released.duckdb' as released (read_only)")
    attached = memory.execute("select id from released.release").fetchall()[0][0]
busy.close()
engine.dispose()
print(f"a new connection beside a busy one: {while_busy}; attached anew: {attached}; alone: {seen(engine)}")
assert (while_busy, attached, seen(engine)) == (1, 2, 2)
PYTHON
