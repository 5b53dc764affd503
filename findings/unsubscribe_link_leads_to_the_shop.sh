#!/usr/bin/env bash
# premailer 3.10.0: with a base URL, what stands for a link in a template becomes a page of the shop.
# Mails are written with placeholders that the sending tool fills in: {{ unsubscribe_url }}, *|UNSUB|*, [unsubscribe].
# premailer moves styles into tags and makes relative links absolute, with the shop as the base_url; it is made for
# mails, and one would expect placeholders to stay as they are. Seen: each gets the shop in front of it, so that the
# link to unsubscribe leads to https://shop.example/https://…, and the spaces inside are escaped, base or not, so that
# {{%20unsubscribe_url%20}} is no placeholder any more. Nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check premailer==3.10.0
env/bin/python - <<'PYTHON'
import re

import premailer

MAIL = """<html><head><style>a { color: red }</style></head><body>
<a href="{{ unsubscribe_url }}">a</a> <a href="{{unsubscribe_url}}">b</a> <a href="*|UNSUB|*">c</a>
<a href="[unsubscribe]">d</a> <a href="/offers">e</a></body></html>"""


def links(**options):
    return re.findall(r'href="([^"]*)"', premailer.transform(MAIL, **options))


plain, based = links(), links(base_url="https://shop.example/")
print("without:", plain)
print("with:", based)
assert plain == ["{{%20unsubscribe_url%20}}", "{{unsubscribe_url}}", "*|UNSUB|*", "[unsubscribe]", "/offers"]
assert based == [f"https://shop.example/{link.removeprefix('/')}" for link in plain]
PYTHON
