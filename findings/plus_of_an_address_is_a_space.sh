#!/usr/bin/env bash
# ural 1.6.2: a URL that was made canonical has another address in it, and two of them are one.
# canonicalize_url writes a URL in one form, so that equal pages are counted as one, and leaves %26 and %23 as they are,
# since they would part the query otherwise. A link of a mail has email=kim%2Bnews%40example.com. One would expect %2B
# to stay as well: a plus in a query is a space. Seen: "+" is written, and whoever reads the query finds the address
# "kim news@example.com", the product "C  " instead of "C++", and a time whose zone is no zone. Two pages, of "A+B" and
# "A B", have one URL. w3lib 2.4.1 leaves %2B as it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ural==1.6.2 w3lib==2.4.1
env/bin/python - <<'PYTHON'
from urllib.parse import parse_qsl, urlsplit

from ural import canonicalize_url
from w3lib.url import canonicalize_url as canonicalize_by_w3lib

asked = {
    "email=kim%2Bnews%40example.com": ("kim+news@example.com", "kim news@example.com"),
    "product=C%2B%2B": ("C++", "C  "),
    "at=2026-03-02T09:00:00%2B01:00": ("2026-03-02T09:00:00+01:00", "2026-03-02T09:00:00 01:00"),
    "campaign=R%26D": ("R&D", "R&D"),
}
for query, (right, seen) in asked.items():
    url = f"https://shop.example/p?{query}"
    forms = (url, canonicalize_url(url), canonicalize_by_w3lib(url))
    values = [parse_qsl(urlsplit(form).query)[0][1] for form in forms]
    print(url, "becomes", canonicalize_url(url), "value:", values)
    assert values == [right, seen, right]
same = {canonicalize_url(f"https://shop.example/p?product={name}") for name in ("A%2BB", "A+B")}
assert same == {"https://shop.example/p?product=A+B"}
PYTHON
