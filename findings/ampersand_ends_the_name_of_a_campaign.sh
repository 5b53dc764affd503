#!/usr/bin/env bash
# advertools 0.18.0: what is escaped in a URL's parameter ends it.
# url_to_df makes a table of URLs, with a column for each parameter. An R&D campaign is tagged utm_campaign=R%26D, so
# that the ampersand is part of the name. The documentation says that URLs are decoded "for easier reading", and one
# would expect the name R&D. Seen: URLs are decoded before they are taken apart: the campaign is R, "C%2B%2B" is "C"
# and two spaces, and behind "%23" (Rank #1) the rest of the URL is a fragment: its source is gone, and the visit has
# none. decode=False, which is to keep URLs as they were, gives the names decoded and right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check advertools==0.18.0
env/bin/python -W ignore - <<'PYTHON'
import advertools

NAMES = {"R%26D": "R&D", "C%2B%2B+course": "C++ course", "Rank+%231": "Rank #1", "Spring+sale": "Spring sale"}
urls = [f"https://example.com/?utm_campaign={name}&utm_source=news" for name in NAMES]
seen = {}
for decode in (True, False):
    table = advertools.url_to_df(urls, decode=decode)
    parameters = table[["query_utm_campaign", "query_utm_source"]].astype(object)
    seen[decode] = list(parameters.where(parameters.notna(), None).itertuples(index=False, name=None))
    print("decode", decode, seen[decode])
assert seen[False] == [(name, "news") for name in NAMES.values()]
assert seen[True] == [("R", "news"), ("C   course", "news"), ("Rank ", None), ("Spring sale", "news")]
PYTHON
