#!/usr/bin/env bash
# cleanco 2.3: one company has three names without its legal form, and a bracket in its name is never closed.
# Accounts of two CRMs are matched by name; basename() takes legal forms off, also such as have several parts: "Acme
# GmbH & Co. KG" is Acme, and so is "Acme Pty. Ltd.". One would expect "Acme Co., Ltd.", as companies of China and Japan
# sign, to be Acme as well. Seen: "Acme Co.", while "Acme Co." is Acme and "Acme Co.,Ltd" stays as it is; taken off
# once more, the first is Acme, too. "Acme (UK) Ltd" is "Acme (UK".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cleanco==2.3
env/bin/python - <<'PYTHON'
from cleanco import basename

expected = {
    "Acme GmbH & Co. KG": "Acme",
    "Acme Pty. Ltd.": "Acme",
    "Acme Co.": "Acme",
    "Acme Co., Ltd.": "Acme Co.",
    "Acme Co Ltd": "Acme Co",
    "Acme Co.,Ltd": "Acme Co.,Ltd",
    "Acme (UK) Ltd": "Acme (UK",
}
seen = {name: basename(name) for name in expected}
print(*seen.items(), sep="\n")
assert seen == expected
assert basename(seen["Acme Co., Ltd."]) == "Acme"
PYTHON
