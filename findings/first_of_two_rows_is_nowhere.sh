#!/usr/bin/env bash
# csv-diff 1.2: of two rows with one key, the first is compared with nothing.
# Two exports are compared by the campaign's id, and one of them has a campaign twice: a row of 2.00 and a row of 5.00.
# One would expect a row that was removed, or a word that the key is not unique. Seen: rows are held by their key, and a
# later one takes the place of an earlier: against a file with the last row alone nothing differs, 2.00 of spend are in
# no difference, and a delivery whose rows all came twice is equal to the one that came once. Without a key a row that
# came twice counts as one as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check csv-diff==1.2
printf 'id,spend\n1,1.00\n2,2.00\n2,5.00\n' > before.csv
printf 'id,spend\n1,1.00\n2,5.00\n' > after.csv
printf 'id,spend\n1,1.00\n1,1.00\n2,5.00\n2,5.00\n' > twice.csv
for pair in "before.csv after.csv --key=id" "after.csv twice.csv --key=id" "after.csv twice.csv"; do
    # shellcheck disable=SC2086
    env/bin/csv-diff $pair --json > seen.json
    echo "$pair: $(tr -d ' \n' < seen.json)"
    env/bin/python - <<'PYTHON'
import json

found = json.load(open("seen.json"))
assert not any(found[kind] for kind in ("added", "removed", "changed")), found
PYTHON
done
