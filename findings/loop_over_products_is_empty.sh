#!/usr/bin/env bash
# css-inline 0.24.0 with chevron 0.14.0: a mail's loop over products is emptied, and one row stays for all of them.
# Styles are moved into the tags of a mail's template, then the sending tool fills it in: a table has a row a product,
# {{#products}}<tr>…</tr>{{/products}} in Mustache. The library is made for mails, and leaves placeholders in text
# and links as they are. One would expect the loop to stay around its row, as premailer 3.10.0 leaves it. Seen: text
# between the rows of a table is moved in front of the table, as browsers do, so that the loop has nothing in it, and
# the one row is filled in once, with no product: the mail lists one nameless product without a price.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check css-inline==0.24.0 premailer==3.10.0 chevron==0.14.0
env/bin/python -W ignore - <<'PYTHON'
import re

import chevron
import css_inline
import premailer

TEMPLATE = """<html><head><style>.price { color: red; }</style></head><body><p>Hello {{name}}</p><table>
{{#products}}<tr><td>{{title}}</td><td class="price">{{price}}</td></tr>{{/products}}
</table></body></html>"""
PRODUCTS = [{"title": "Lamp", "price": "20.00"}, {"title": "Desk", "price": "90.00"}]
seen = {}
for name, inline in (("css-inline", css_inline.inline), ("premailer", premailer.transform)):
    mail = chevron.render(inline(TEMPLATE), {"name": "Kim", "products": PRODUCTS})
    assert "Hello Kim" in mail and 'style="color' in mail
    seen[name] = re.findall(r"<td[^>]*>(.*?)</td>", mail)
    print(name, "has the cells", seen[name])
assert seen == {"css-inline": ["", ""], "premailer": ["Lamp", "20.00", "Desk", "90.00"]}
PYTHON
