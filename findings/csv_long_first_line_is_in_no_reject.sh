#!/usr/bin/env bash
# DuckDB 1.5.5: read_csv with store_rejects forgets a line over the maximum without a word.
# A cell holds 50 MB of pasted text. A line over max_line_size (2 MB) is an error by default, and with
# store_rejects = true one would expect a row in reject_errors, LINE SIZE OVER MAXIMUM, as there is for 3 MB.
# Seen: where it is the first line that is read, the row is gone and reject_errors is empty.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5
env/bin/python - <<'PYTHON'
import pathlib

import duckdb


def read(size):
    rows = f"day,note,cost\n2026-06-01,{'x' * size},1\n2026-06-02,short,2\n"
    pathlib.Path("spend.csv").write_text(rows)
    con = duckdb.connect()
    found = con.execute(
        "select day from read_csv('spend.csv', auto_detect = false, skip = 1, delim = ',',"
        " columns = {day: 'varchar', note: 'varchar', cost: 'varchar'}, store_rejects = true)"
    ).fetchall()
    return found, con.execute("select distinct line, error_type from reject_errors").fetchall()


small, large = read(3_000_000), read(50_000_000)
print("3 MB:", small, "| 50 MB:", large)
assert small == ([("2026-06-02",)], [(2, "LINE SIZE OVER MAXIMUM")]), small
assert large == ([("2026-06-02",)], []), large
PYTHON
