#!/usr/bin/env bash
# datacompy 1.1.0 with pandas 2.3.3 and polars 1.44.2: ids of ads that differ compare as equal.
# Ad platforms number ads with 18 digits. Two exports name two ads for one creative, 6 apart; both columns are whole
# numbers of 64 bits and the tolerances are 0. One would expect a mismatch: the report says "tolerance: 0".
# Seen: columns of numbers are compared as floating-point numbers, whatever their type; the two are one to it, matches()
# is true in pandas and in Polars, and a reconciliation of two systems' ids finds no difference. As text they differ.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check datacompy==1.1.0 pandas==2.3.3 polars==1.44.2
env/bin/python - <<'PYTHON'
import datacompy
import pandas as pd
import polars as pl

CREATIVES = ["Spring", "Summer"]
OURS = {"creative": CREATIVES, "ad_id": [120210000000000017, 120210000000000031]}
THEIRS = {"creative": CREATIVES, "ad_id": [120210000000000023, 120210000000000031]}
for compare, frame in ((datacompy.PandasCompare, pd.DataFrame), (datacompy.PolarsCompare, pl.DataFrame)):
    ours, theirs = frame(OURS), frame(THEIRS)
    assert str(ours["ad_id"].dtype).lower() == str(theirs["ad_id"].dtype).lower() == "int64"
    as_numbers = compare(ours, theirs, join_columns=["creative"], abs_tol=0, rel_tol=0)
    texts = [frame({**data, "ad_id": [str(ad) for ad in data["ad_id"]]}) for data in (OURS, THEIRS)]
    as_text = compare(*texts, join_columns=["creative"], abs_tol=0, rel_tol=0)
    print(compare.__name__, "as numbers", as_numbers.matches(), "as text", as_text.matches())
    assert as_numbers.matches() and as_numbers.count_matching_rows() == 2
    assert not as_text.matches()
PYTHON
