#!/usr/bin/env bash
# dbt-core 1.11.16, dbt-spark 1.11.0 and dbt-duckdb 1.11.1: parts of a campaign's name are single words on Spark.
# Names such as "Brand Search | Summer Sale | DE" hold what a plan says, and dbt.split_part is the macro that takes
# them apart on each warehouse. Spark splits by a pattern, so the macro escapes the delimiter; one would expect "Summer
# Sale" as the second part on both. Seen: only the first character is escaped. " | " becomes "a space or a space", and
# the second part is "Search"; with "||" it is a single letter. " - " and " > ", whose other characters mean nothing in
# a pattern, are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.6 "dbt-spark[session]==1.11.0" pyspark==4.0.5
export DBT_PROFILES_DIR=.
mkdir models
cat > dbt_project.yml <<'YAML'
name: finding
version: 1.0.0
profile: finding
flags: {send_anonymous_usage_stats: false}
YAML
cat > profiles.yml <<'YAML'
finding:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: finding.duckdb}
    spark: {type: spark, method: session, schema: finding, host: none}
YAML
cat > models/names.sql <<'SQL'
select
    {{ dbt.split_part("'Brand Search | Summer Sale | DE'", "' | '", 2) }} as bar,
    {{ dbt.split_part("'Brand Search||Summer Sale||DE'", "'||'", 2) }} as bars,
    {{ dbt.split_part("'Brand Search - Summer Sale - DE'", "' - '", 2) }} as dash,
    {{ dbt.split_part("'Brand Search|Summer Sale|DE'", "'|'", 2) }} as narrow
SQL
for target in duckdb spark; do
    env/bin/dbt show --quiet --select names --target "$target" --output json > "$target.json" 2> log
done
env/bin/python - <<'PYTHON'
import json

seen = {}
for target in ("duckdb", "spark"):
    text = open(f"{target}.json").read()
    seen[target] = json.loads(text[text.index("{"):])["show"][0]
    print(target, seen[target])
assert set(seen["duckdb"].values()) == {"Summer Sale"}
assert seen["spark"] == {"bar": "Search", "bars": "r", "dash": "Summer Sale", "narrow": "Summer Sale"}
PYTHON
