#!/usr/bin/env bash
# great-expectations 1.24.1 beside pyspark 4.3.0 without PyArrow: `python -c` ends at the import, with exit code 0.
# PySpark needs PyArrow for its connect client alone; Great Expectations tries to import that client, and goes on if it
# cannot. One would expect the program to run. Seen: where the main program is no file, PySpark believes that it runs as
# a doctest, says "Skipping doctests" on stderr and exits with 0: a check in a one-line step of a pipeline, or in
# `python -c` of a container, has then passed without being asked. The same lines in a file run.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check great-expectations==1.24.1 pyspark==4.3.0
cat > check.py <<'PYTHON'
import sys
import great_expectations
sys.exit("the check found that something is wrong")
PYTHON
code=0
env/bin/python -c "$(cat check.py)" 2>said || code=$?
echo "python -c: exit code $code, $(tail -1 said)"
[ "$code" -eq 0 ]
grep -q 'Skipping doctests' said
code=0
env/bin/python check.py 2>said || code=$?
echo "a file: exit code $code, $(tail -1 said)"
[ "$code" -eq 1 ]
