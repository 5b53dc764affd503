"""What texts look like that are numbers, dates, addresses or nothing, before a type is known."""

import re

from pipelines.ingest.locale import AMBIGUOUS_DATE

NULL_MARKERS = (
    *("--", "-", "\u2014", "null", "none", "n/a", "na", "#n/a", "\\n", "undefined", "unknown"),
    *("(not set)", "(none)", "[not provided]", "(blank)", "tbd", "?"),
)
TOTAL = (
    "^(grand total|sub-?total|totals?|sum|overall|summe|gesamt\\w*|insgesamt|total général"
    "|totale|suma|razem|totaal)([ :\u2013-].*)?$"
)
# A currency's mark, before or behind an amount, in lower case: a symbol, with or without a country
# before it (R$, CA$), or letters. Only known ones: "ad 1" is no amount.
CURRENCY = (
    "(?:(?:[a-z]{1,3})?[$€£¥₹₽₩₪₫₴₦₱₺฿]|kr\\.?|zł|kč|ft|lei|лв\\.?|rs\\.?|rp\\.?|chf|fr\\.?"
    "|aed|ars|aud|brl|cad|clp|cny|cop|czk|dkk|eur|gbp|hkd|huf|idr|ils|inr|jpy|krw|mxn|myr|nok|nzd"
    "|php|pln|ron|sar|sek|sgd|thb|try|twd|uah|usd|vnd|zar)"
)
ISO_DAY = "^(19|20)[0-9]{2}[-/]?(0[1-9]|1[0-2])[-/]?[0-3][0-9]"
# In this order: the first that nearly all values are like is the type.
SHAPES = {
    "boolean": "^(true|false|yes|no)$",
    "integer": r"^-?[0-9]{1,18}$",
    "number": f"^[-+]?({CURRENCY})?[\u00a0\u202f ]?[-+]?[0-9][0-9.,'\u00a0\u202f ]*(e[-+]?[0-9]+)?"
    f"[\u00a0\u202f ]?(%|{CURRENCY})?$",
    "date": f"({ISO_DAY}$|{AMBIGUOUS_DATE.replace('(?:[^0-9].*)?', '')})",
    "timestamp": f"({ISO_DAY}[t ][0-9]{{1,2}}:"
    f"|{AMBIGUOUS_DATE.replace('(?:[^0-9].*)?', '[t ,].*:.*')})",
    "object": r"^\{.*\}$",
    "array": r"^\[.*\]$",
}
# Read as text, whatever its digits look like: nobody adds these up.
IDENTIFIER = re.compile(
    r"(^|_)(id|ids|key|code|zip|postcode|postal|phone|mobile|number|gid|uuid)$|^(id|uuid)_"
)
PERSONAL = re.compile(
    r"(^|_)(e_?mail|phone|mobile|(first|last|full|contact|given|family|user)_?name|address|ip"
    r"|ip_address|birth\w*|street|owner|assignee|author)(_|$)"
)
EMAIL = r"^[^@ ]+@[^@ ]+[.][a-z]{2,}$"
# Number groups with dots between them, but no number.
IP_ADDRESS = r"^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])[.]){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$"
PHONE = r"^[+][0-9][0-9 ()./-]{7,}$"
