#!/usr/bin/env bash
# word2number 1.1: "5 million" is one million, and "250 thousand" is one thousand.
# Budgets in briefs are typed as people say them. The library makes numbers of words, and refuses what has none: "1.5"
# is an error, as is "abc". "five million" is 5000000, and one would expect "5 million" to be that, or refused. Seen:
# the digits are passed over and the rest is read, so that it is 1000000, whatever stands before it: "2.3 million" and
# "$5 million" as well. "one or two" is 3.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check word2number==1.1
env/bin/python - <<'PYTHON'
from word2number import w2n

for text in ("1.5", "abc"):
    try:
        raise AssertionError(w2n.word_to_num(text))
    except ValueError as error:
        print(f"{text}: {str(error)[:40]}")
expected = {
    "five million": 5_000_000,
    "5 million": 1_000_000,
    "2.3 million": 1_000_000,
    "$5 million": 1_000_000,
    "250 thousand": 1_000,
    "one or two": 3,
}
seen = {text: w2n.word_to_num(text) for text in expected}
print(*seen.items(), sep="\n")
assert seen == expected
PYTHON
