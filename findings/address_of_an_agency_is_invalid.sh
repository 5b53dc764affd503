#!/usr/bin/env bash
# soda-core-duckdb 3.5.6: its format "email" refuses domains whose last part has more than four letters.
# .agency, .marketing and .online have been delegated for more than ten years, and are common among marketers' contacts.
# One would expect them to be valid. Seen: invalid, so that a threshold on invalid_percent(email) speaks of the trades
# that contacts are in.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME=$folder
mkdir .soda
echo 'send_anonymous_usage_stats: false' > .soda/config.yml
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check soda-core-duckdb==3.5.6
env/bin/python - <<'PYTHON'
import duckdb

con = duckdb.connect("crm.duckdb")
for last in ("com", "info", "agency", "marketing", "online"):
    con.execute(f"create table contacts_{last} as select 'kim@example.{last}' as email")
PYTHON
printf 'data_source crm:\n  type: duckdb\n  path: crm.duckdb\n' > source.yml
for last in com info agency marketing online; do
    printf 'checks for contacts_%s:\n  - invalid_count(email) = 0:\n      valid format: email\n' "$last"
done > checks.yml
env/bin/soda scan -d crm -c source.yml checks.yml > log 2>&1 || true
grep -E 'checks (PASSED|FAILED)|contacts_' log
grep -q '2/5 checks PASSED' log
grep -q '3/5 checks FAILED' log
