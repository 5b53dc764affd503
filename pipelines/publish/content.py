"""What a set of tables says, apart from where and when it was written: its hash, its columns."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import duckdb

# About the publishing itself and what was published before: never the same twice.
NOT_CONTENT = frozenset({("meta", "releases"), ("meta", "runs"), ("meta", "restatements")})
# The check that holds a release against the one before it; so what it finds is no content either.
AGAINST_THE_ONE_BEFORE = "closed_months_stand"
NOT_CONTENT_ROWS = {("quality", "fct_quality_results"): f"expectation = '{AGAINST_THE_ONE_BEFORE}'"}
# When the machine did something; every other time comes from the deliveries or the run's clock.
WALL_CLOCK_COLUMNS = frozenset({"evaluated_at"})

# Endings of column names, without underscores, that promise a person's particulars.
PERSONAL_ENDINGS = (
    "email",
    "emailaddress",
    "firstname",
    "lastname",
    "fullname",
    "givenname",
    "familyname",
    "surname",
    "contactname",
    "personname",
    "phone",
    "phonenumber",
    "mobilenumber",
    "postaladdress",
    "streetaddress",
    "dateofbirth",
)

# A sha256 is added up in pieces of 64 bits: 2^63 rows fit into the 128-bit sums.
PIECES = ", ".join(
    f"sum(cast('0x' || substr(digest, {1 + 16 * i}, 16) as ubigint))" for i in range(4)
)


class PublishError(Exception):
    """The build must not be published as it is; the message says what is in the way."""


@dataclass(frozen=True)
class MartTable:
    """A table with its columns (name, type) in their order."""

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """`<schema>.<table>`, as people write it."""
        return f"{self.schema}.{self.name}"

    def within(self, database: str) -> str:
        """The table's quoted name in an attached database."""
        return f'"{database}"."{self.schema}"."{self.name}"'


def mart_tables(
    con: duckdb.DuckDBPyConnection, database: str, schemas: Iterable[str]
) -> tuple[MartTable, ...]:
    """Every table of those schemas, by schema and name."""
    rows = con.execute(
        "select schema_name, table_name,"
        " list(struct_pack(name := column_name, type := data_type) order by column_index)"
        " from duckdb_columns() join duckdb_tables()"
        " using (database_name, schema_name, table_name)"
        " where database_name = ? and list_contains(?, schema_name)"
        " group by all order by all",
        [database, list(schemas)],
    ).fetchall()
    return tuple(
        MartTable(schema, name, tuple((column["name"], column["type"]) for column in columns))
        for schema, name, columns in rows
    )


def content_hash(con: duckdb.DuckDBPyConnection, database: str, schemas: Sequence[str]) -> str:
    """sha256 over the tables in name order: their names, columns, types and rows.

    Returns:
        64 hex digits.
    """
    return hash_of(table_digests(con, database, schemas))


def hash_of(digests: Mapping[tuple[str, str], bytes]) -> str:
    """The content hash of tables of which each is told by its digest."""
    return hashlib.sha256(b"".join(digests[table] for table in sorted(digests))).hexdigest()


def table_digests(
    con: duckdb.DuckDBPyConnection,
    database: str,
    schemas: Sequence[str],
    known: Mapping[tuple[str, str], bytes] = MappingProxyType({}),
) -> dict[tuple[str, str], bytes]:
    """Each table, by schema and name, as a sha256 over its name, columns, types and rows.

    A table's rows enter as the sums of their sha256 digests, so that the order in which they lie
    in the file makes no difference and nothing has to be sorted. Doubles count to the last bit.

    Args:
        con: a connection.
        database: the attached database that holds the tables.
        schemas: whose tables.
        known: digests that need not be found again.
    """
    return {
        key: known.get(key) or _table_digest(con, database, table)
        for table in mart_tables(con, database, schemas)
        if (key := (table.schema, table.name)) not in NOT_CONTENT
    }


def _table_digest(con: duckdb.DuckDBPyConnection, database: str, table: MartTable) -> bytes:
    columns = [column for column in table.columns if column[0] not in WALL_CLOCK_COLUMNS]
    listed = ", ".join(f'"{name}"' for name, _ in columns)
    left_out = NOT_CONTENT_ROWS.get((table.schema, table.name), "false")
    sums = con.execute(
        f"select count(*), {PIECES} from (select sha256(to_json(_row)) as digest"
        f" from (select {listed} from {table.within(database)} where not ({left_out})) as _row)"
    ).fetchone()
    return hashlib.sha256(repr((table.label, columns, sums)).encode()).digest()


def refuse_personal_columns(tables: Iterable[MartTable]) -> None:
    """Let no column through that is named like a person's address, name or number.

    Flags such as has_email pass: a boolean tells nobody's address.

    Raises:
        PublishError: names every such column.
    """
    found = [
        f"{table.label}.{name}"
        for table in tables
        for name, kind in table.columns
        if kind != "BOOLEAN" and name.lower().replace("_", "").endswith(PERSONAL_ENDINGS)
    ]
    if found:
        raise PublishError(
            f"personal data may not leave the build: {', '.join(found)};"
            " drop these columns from the marts, or give them names that say what they hold"
        )
