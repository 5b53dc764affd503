"""E-mail addresses in text that people outside the company wrote: how they are found and masked.

The dbt macro `masked` has the same pattern, for the columns that marts show. Here it serves what
Python hands on: samples of failed checks, paths and messages.
"""

import re

# Written plainly, or percent-encoded as in a link, once or twice. Both engines and Python read it
# alike: no lookaround, no class by a letter.
SIGNS = ("@", "%40", "%2540")
ADDRESS = '[^ @<>(),;:/?&=#|"]+(@|%40|%2540)[^ @<>(),;:/?&=#|"]+[.][^ @<>(),;:/?&=#|".0-9]{2,}'
MASK = "[email]"


def masked(text: str) -> str:
    """The text with every address in it replaced by `[email]`."""
    return re.sub(ADDRESS, MASK, text) if any(sign in text for sign in SIGNS) else text
