#!/usr/bin/env bash
# ChannelAttribution 2.2.5: conversions are whole numbers, and what is less than one is none.
# Ad platforms export conversions with decimals (a conversion shared by two campaigns is .5 in each). One would
# expect weights to be used as they stand, or refused. Seen: the rules cut each row down to a whole number, 2.25
# conversions become 1 and a channel with .5 gets nothing, without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ChannelAttribution==2.2.5 matplotlib==3.11.2
env/bin/python - <<'PYTHON'
import ChannelAttribution
import pandas as pd

paths = pd.DataFrame({"path": ["Email", "Search", "Social"], "conversions": [0.5, 1.5, 0.25]})
credits = ChannelAttribution.heuristic_models(paths, "path", "conversions", flg_pro=False)
print(credits.to_string(index=False))
assert paths["conversions"].sum() == 2.25
assert credits["last_touch"].tolist() == [0.0, 1.0, 0.0], credits
PYTHON
