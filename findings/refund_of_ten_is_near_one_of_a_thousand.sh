#!/usr/bin/env bash
# splink 5.0.0 with DuckDB 1.5.6: of amounts below zero, each two are within ten percent of each other.
# Payments of two systems are linked; PercentageDifferenceLevel says that two amounts differ by less than a share of the
# larger. Refunds are negative. One would expect -10.00 and -1000.00 to be far apart, and two amounts of nothing to be
# equal. Seen: the difference is divided by the larger of the two as they are, -10, and -99 is less than 0.1; each
# refund is near each other one. Two times 0.00 are no match, since nothing can be divided by it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check splink==5.0.0 duckdb==1.5.6 pandas==2.3.3
env/bin/python -W ignore - <<'PYTHON' 2> log
import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

PAIRS = {(100.0, 95.0): 1, (100.0, 50.0): 0, (-1000.0, -10.0): 1, (-50.0, -5.0): 1, (0.0, 0.0): 0}
payments = pd.DataFrame(
    [
        {"unique_id": 2 * pair + side, "pair": pair, "amount": amount}
        for pair, amounts in enumerate(PAIRS)
        for side, amount in enumerate(amounts)
    ]
)
levels = [cll.NullLevel("amount"), cll.PercentageDifferenceLevel("amount", 0.1), cll.ElseLevel()]
settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[cl.CustomComparison(output_column_name="amount", comparison_levels=levels)],
    blocking_rules_to_generate_predictions=[block_on("pair")],
    retain_intermediate_calculation_columns=True,
)
found = Linker(DuckDBAPI().register(payments), settings).inference.predict().as_pandas_dataframe()
found = found.sort_values("unique_id_l")
seen = {(row.amount_l, row.amount_r): row.gamma_amount for row in found.itertuples()}
print("1 is within ten percent:", seen)
assert seen == PAIRS
PYTHON
