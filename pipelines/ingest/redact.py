"""What persons who were erased left in a text, and what stands there instead.

The only place that decides it: at the door, where rows and refused lines land, and in every file
below the home when somebody is erased. It knows no person, only keyed hashes of what named one;
what stands instead is the same wherever that stood, so records, links and sums stay as they were.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from pipelines.ingest.contract import Contract, load_contracts
from pipelines.sql import literal

# What a text is cut into: addresses, device numbers, click ids, hashes. Shorter ids are looked for
# where a column says that it holds them.
TOKEN = re.compile(r"""[^\s"'<>(),;:/?&=#|{}\[\]\\]{6,}""")
LONG_ID = 10
ENDS = re.compile(r"^[^\w]+|[^\w]+$")
ENCODED_AT = re.compile("%(?:25)?40")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
PHONE = re.compile(r"\+?\(?\d[\d ()./-]{5,}\d")
BETWEEN = re.compile(r"[ ,.\u00a0+_-]{1,3}|%20")
KEY_OF_OURS = re.compile("[0-9a-f]{32}")
# In JSON, and in the keys of failed rows.
JSON_ID = re.compile(
    r'("\w*(?:contact|vid|user|person|lead|customer|member)\w*"\s*:\s*"?)(\w{1,24})', re.IGNORECASE
)
KEY = re.compile(r"(?<![\w.,%-])\d{4,}(?![\w.,%-])")
ITEM = re.compile(r"[^\s;,|\[\]\"']+")

# The ids of a person, by the names that contracts give such columns.
CRM_IDS = re.compile(
    "(contact|person|lead|who|target_object|merged?_record|canonical|crm_contact|reports_to"
    "|associated_contact|converted_contact|merge|record)?_?(id|ids|vid)"
)
OTHER_IDS = re.compile(
    "(user|customer|member|profile|distinct|contact|person|lead|crm_contact|anonymous|device"
    "|user_pseudo|external|client|fivetran_user)_id"
)
# Columns whose whole cell tells of the person that a row is of. Others keep what names nobody.
PARTICULARS = re.compile(
    "(.*_)?(first|last|middle|full|f|l)_?name|name|salutation|suffix|pronouns|gender_identity"
    "|birthdate|.*phone(_number|_work)?|fax|phone|(.*_)?(street|latitude|longitude)"
    "|(mailing|other)_(city|postal_code)|(.*_)?ip(_.*)?|.*ipaddress|user_fingerprint|idfa|notes"
)
# Whatever source: columns that hold a CRM's id outside it.
ANY = "any"

_numbers = itertools.count()


@dataclass(frozen=True)
class Redactor:
    """Texts without what named an erased person.

    Attributes:
        salt: the key of the hashes, known to this warehouse alone.
        values: what stands instead, by the hash of what stood there.
        people: what an erased person is called, by each of these.
        name_lengths: of how many words the erased names are.
        words: whether a name begins with a word, of those that were looked up.
    """

    salt: bytes
    values: Mapping[str, str]
    people: Mapping[str, str]
    name_lengths: Sequence[int] = ()
    words: dict[str, bool] = field(default_factory=dict, repr=False)
    prefix: str = field(default_factory=lambda: f"erased_{next(_numbers)}")

    def instead(self, kind: str, value: str) -> str | None:
        """What stands in the place of a value; None where it stays."""
        stands = self.values.get(digest(self.salt, kind, value))
        # Some sources write ids in lower case; of Salesforce's, case tells one from another.
        low = value if stands else value.casefold()
        return stands if low == value else self.values.get(digest(self.salt, kind, low))

    def text(self, text: str) -> str:
        """A text of any kind."""
        if KEY_OF_OURS.fullmatch(text):
            return self.instead("token", text) or text
        text = TOKEN.sub(self._token, text)
        if self.name_lengths:
            text = self._names(text)
        text = PHONE.sub(self._phone, text)
        if '"' in text:
            text = JSON_ID.sub(self._json_id, text)
        return text

    def keys(self, text: str) -> str:
        """A text about rows, which names them by ids of any length."""
        return KEY.sub(lambda key: self.instead(f"id:{ANY}", key[0]) or key[0], self.text(text))

    def ids(self, scope: str, text: str) -> str:
        """A cell that holds ids of persons of a CRM, one or several."""
        found = ITEM.sub(lambda item: self.instead(f"id:{scope}", item[0]) or item[0], text)
        return self.text(found)

    def person(self, text: str) -> str | None:
        """Who an id or an address stands for that was put there; None for anybody else's."""
        return self.people.get(text.strip())

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make its functions known to a database of this process."""
        functions: dict[str, tuple[Callable[..., str | None], list[str]]] = {
            "text": (lambda text: text and self.text(text), ["VARCHAR"]),
            "keys": (lambda text: text and self.keys(text), ["VARCHAR"]),
            "ids": (lambda scope, text: text and self.ids(scope, text), ["VARCHAR", "VARCHAR"]),
            "person": (lambda text: self.person(text) if text else None, ["VARCHAR"]),
        }
        known = {
            name
            for (name,) in con.execute(
                "select function_name from duckdb_functions() where function_name like 'erased_%'"
            ).fetchall()
        }
        for name, (function, types) in functions.items():
            if f"{self.prefix}_{name}" not in known:
                con.create_function(  # type: ignore[call-overload]
                    *(f"{self.prefix}_{name}", function, types, "VARCHAR"), null_handling="special"
                )

    def redacted(self, contract: Contract, columns: Mapping[str, str]) -> dict[str, str]:
        """Columns of a stream as SQL, each with the expression that reads it, redacted.

        A row is a person's where one of its ids or addresses wholly is: of that row, what the
        contract classifies and what tells of a person alone goes as well.
        """
        scopes = dict(_id_columns(contract))
        columns = {name: f"cast({expression} as varchar)" for name, expression in columns.items()}
        shown = {
            name: f"{self.prefix}_ids({literal(scopes[name])}, {expression})"
            if name in scopes
            else f"{self.prefix}_text({expression})"
            for name, expression in columns.items()
        }
        who = [
            f"{self.prefix}_person({shown[name]})"
            for name in shown
            if name in scopes or (_is_classified(contract, name) and "mail" in name)
        ]
        if who:
            person = f"coalesce({', '.join(who)})"
            for name, otherwise in shown.items():
                if _is_classified(contract, name) and PARTICULARS.fullmatch(name):
                    # What is no text would be read as a fault.
                    is_text = contract.by_name[name].logical_type == "string"
                    shown[name] = (
                        f"case when {columns[name]} is null or {person} is null then {otherwise}"
                        f" else {person if is_text else 'null'} end"
                    )
        return shown

    def _token(self, found: re.Match[str]) -> str:
        token = found[0]
        has_at = "@" in token or "%" in token
        if not has_at and len(token) < LONG_ID:
            return token
        core = ENDS.sub("", token)
        value = ENCODED_AT.sub("@", core) if has_at else core
        stands = self.instead("token", value)
        if stands is None:
            return token
        if "@" not in core and (encoded := ENCODED_AT.search(core)):
            stands = stands.replace("@", encoded[0])
        return token.replace(core, stands)

    def _names(self, text: str) -> str:
        words = list(WORD.finditer(text))
        for length in self.name_lengths:
            for run in self._runs(words, length):
                name = " ".join(word[0] for word in run)
                if (stands := self.instead("name", name)) is not None:
                    text = text.replace(text_between(run), stands)
        return text

    def _runs(
        self, words: Sequence[re.Match[str]], length: int
    ) -> Iterator[Sequence[re.Match[str]]]:
        """Words that may be a name: the first begins one, and little lies between them."""
        for first in range(len(words) - length + 1):
            if self._begins_name(words[first][0]):
                run = words[first : first + length]
                text = run[0].string
                if all(
                    BETWEEN.fullmatch(text[left.end() : right.start()])
                    for left, right in itertools.pairwise(run)
                ):
                    yield run

    def _begins_name(self, word: str) -> bool:
        # The words of a company's texts are few, and their hashes are not.
        known = self.words.get(word)
        if known is None:
            known = self.words[word] = self.instead("word", word) is not None
        return known

    def _phone(self, found: re.Match[str]) -> str:
        return self.instead("phone", digits(found[0])) or found[0]

    def _json_id(self, found: re.Match[str]) -> str:
        stands = self.instead(f"id:{ANY}", found[2])
        return found[0] if stands is None else f"{found[1]}{stands}"


def digest(salt: bytes, kind: str, value: str) -> str:
    """The hash by which a value is known."""
    return hashlib.blake2b(f"{kind}|{value}".encode(), key=salt, digest_size=16).hexdigest()


def digits(phone: str) -> str:
    """A phone number however it is written: the last nine of its digits, without the country's."""
    return re.sub(r"\D", "", phone)[-9:]


def text_between(words: Sequence[re.Match[str]]) -> str:
    """The text from the first of these words to the last."""
    return words[0].string[words[0].start() : words[-1].end()]


def _is_classified(contract: Contract, name: str) -> bool:
    return name in contract.by_name and contract.by_name[name].is_pii


def crm_sources() -> set[str]:
    """The sources whose records are persons."""
    return {contract.source for contract in load_contracts() if "contacts" in contract.feeds}


def _id_columns(contract: Contract) -> Iterator[tuple[str, str]]:
    """The columns of a stream that hold ids of persons, and whose ids these are."""
    is_crm = contract.source in crm_sources()
    is_person = is_crm and "contacts" in contract.feeds
    for column in contract.fields:
        name = column.name
        is_own = is_person and column.is_key and not column.is_pii
        # Of other records these are their own numbers.
        is_told = is_crm and name not in ("id", "record_id") and CRM_IDS.fullmatch(name)
        if is_own or is_told:
            yield name, contract.source
        elif not is_crm and OTHER_IDS.fullmatch(name):
            yield name, ANY
