#!/usr/bin/env bash
# sqlfluff 4.4.0 with DuckDB 1.5.5: after sqlfluff fix, clicks of one platform are spend of both.
# Spend of two platforms is put together by "union all", whose columns are matched by position. sqlfluff fix puts a
# query into shape; rule ST06, on by default, moves plain columns before computed ones, and spares the sides of a union,
# a WITH that a side reads by "select *" included. One would expect the same rows before and after. Seen: with one more
# WITH between, as in models of dbt, columns of the first one change places: spend of 12.50 and 3.00, with 40 and 7
# clicks, is 19.50. Both columns are numbers, the query runs, and the linter has nothing more to say.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check sqlfluff==4.4.0 duckdb==1.5.5
printf '[sqlfluff]\ndialect = duckdb\n' > .sqlfluff
cat > direct.sql <<'SQL'
with search as (
    select
        coalesce(spend, 0) as spend,
        clicks
    from search_ads
)

select * from search
union all
select
    spend,
    clicks
from social_ads
SQL
cat > model.sql <<'SQL'
with search as (
    select
        coalesce(spend, 0) as spend,
        clicks
    from search_ads
),

named as (
    select * from search
)

select * from named
union all
select
    spend,
    clicks
from social_ads
SQL
cat > rows.py <<'PYTHON'
import duckdb

database = duckdb.connect()
database.execute("create table search_ads as select 12.50 as spend, 40.00 as clicks")
database.execute("create table social_ads as select 3.00 as spend, 7.00 as clicks")
for name in ("direct", "model"):
    query = open(f"{name}.sql").read()
    total = database.execute(f"select sum(spend), sum(clicks) from ({query}) as spend").fetchone()
    print(name, "spend {}, clicks {}".format(*total))
PYTHON
env/bin/python rows.py > before
env/bin/sqlfluff fix --quiet direct.sql model.sql > log
env/bin/sqlfluff lint direct.sql model.sql
env/bin/python rows.py > after
cat before after
diff before <(printf 'direct spend 15.50, clicks 47.00\nmodel spend 15.50, clicks 47.00\n')
diff after <(printf 'direct spend 15.50, clicks 47.00\nmodel spend 19.50, clicks 43.00\n')
