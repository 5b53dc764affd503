#!/usr/bin/env bash
# ibis-framework 12.0.0: on Polars, what is missing counts as a value of its own.
# Ibis runs one expression on many engines. Six visits, two of them without a channel, have two channels: one would
# expect nunique() to be 2 on each engine, as count(distinct ...) is in SQL. Seen: 2 on DuckDB, 3 on Polars, also with
# a condition and by group: a campaign whose visits name no channel has none on the one and one on the other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    "ibis-framework[duckdb,polars]==12.0.0" duckdb==1.5.6 polars==1.44.2 sqlglot==28.10.1 pandas==2.3.3
env/bin/python -W ignore - <<'PYTHON'
import ibis
import pandas as pd

visits = pd.DataFrame(
    {"campaign": ["A", "A", "A", "A", "B", "B"], "channel": ["Email", "Ads", "Email", "Ads", None, None]}
)
seen = {}
for name, engine in (("DuckDB", ibis.duckdb.connect()), ("Polars", ibis.polars.connect())):
    table = engine.create_table("visits", visits)
    by_campaign = table.group_by("campaign").agg(channels=table.channel.nunique()).order_by("campaign")
    seen[name] = (
        int(engine.execute(table.channel.nunique())),
        int(engine.execute(table.channel.nunique(where=table.campaign == "B"))),
        engine.execute(by_campaign)["channels"].tolist(),
    )
    assert engine.execute(table.channel.count()) == 4
    print(name, *seen[name])
assert seen == {"DuckDB": (2, 0, [2, 0]), "Polars": (3, 1, [2, 1])}
PYTHON
