#!/usr/bin/env bash
# recordlinkage 0.16 with pandas 2.3.3 and NumPy 2.3.5: the right pairs are all wrong, if the truth names them the other
# way round.
# Contacts of one list are deduplicated: Kim is row 0 and row 1. The index pairs rows within a list as (1, 0), the later
# one first. The truth, as people write it down, is (0, 1); which of the two is a duplicate of which means nothing. One
# would expect a precision and a recall of 1, or an error. Seen: 0 and 0, as a pair is compared by its order as well. A
# matcher that finds every duplicate is thrown away, and the truth turned round makes it perfect.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check recordlinkage==0.16 pandas==2.3.3 numpy==2.3.5
env/bin/python - <<'PYTHON'
import pandas as pd
import recordlinkage

contacts = pd.DataFrame({"name": ["Kim Lee", "Kim Lee", "Ana Ray", "Ana Ray", "Max Roe"]})
indexer = recordlinkage.Index()
indexer.block("name")
found = indexer.index(contacts)
seen = {}
for way, pairs in (("as written down", [(0, 1), (2, 3)]), ("turned round", [(1, 0), (3, 2)])):
    truth = pd.MultiIndex.from_tuples(pairs)
    seen[way] = recordlinkage.precision(truth, found), recordlinkage.recall(truth, found)
    print(f"found {found.tolist()}, truth {pairs} ({way}): precision {seen[way][0]}, recall {seen[way][1]}")
assert seen == {"as written down": (0.0, 0.0), "turned round": (1.0, 1.0)}
PYTHON
