"""How deep JSON is nested, told before DuckDB reads it: very deep JSON ends the whole process."""

from __future__ import annotations

import itertools
import re

from pipelines.ingest.read.file import FileToRead
from pipelines.ingest.read.scan import LONG_LINE

# DuckDB reads this much, and no export needs a hundredth of it.
MAX_NESTING = LONG_LINE // 2
BLOCK = 16_384
STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def is_too_deep(file: FileToRead) -> bool:
    """Whether anything in the file lies in more than MAX_NESTING lists and objects."""
    depth = 0
    is_in_string = False
    rest = b""
    with file.open() as raw:
        while block := raw.read(BLOCK):
            text = (b'"' if is_in_string else b"") + rest + block
            # A backslash belongs to the character behind it.
            whole = text.rstrip(b"\\")
            rest = text[len(whole) :]
            bare = STRING.sub(b"", whole)
            begin = bare.find(b'"')
            is_in_string = begin >= 0
            if is_in_string:
                bare = bare[:begin]
            brackets = bare.translate(None, NO_BRACKETS)
            opened = brackets.count(b"[") + brackets.count(b"{")
            if depth + opened > MAX_NESTING:
                steps = itertools.accumulate((STEPS[byte] for byte in brackets), initial=depth)
                if max(steps) > MAX_NESTING:
                    return True
            # What is damaged may close more than it opened.
            depth = max(depth + 2 * opened - len(brackets), 0)
    return False
