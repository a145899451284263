"""The contract of format modules, and which one a file is."""

import json

import pytest

from continuity_analysis.errors import FormatError, InputError
from continuity_analysis.ingest.heads import Head
from continuity_analysis.ingest.registry import find_format, formats, recognise
from tests.ingest.made_up import made, read_one

PAGE = b'{"outages": [{"id": "1", "at": {"site": "s"}}]}'


def test_every_format_of_the_package_keeps_the_contract() -> None:
    for name, one in formats().items():
        assert one.name == name
        assert one.product and one.title
        assert "Get it with:" in one.manual, f"{name} does not say how to get one"
        assert "Checked against:" in one.manual, f"{name} does not say what it was checked against"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"__doc__": None}, "expected a docstring"),
        ({"CONTAINER": "xml"}, "CONTAINER: expected one of"),
        ({"EXPORT": "dump"}, "EXPORT: expected one of"),
        ({"recognises": None}, "recognises(head)"),
        ({"CONTAINER": "csv"}, "KEY belongs to CONTAINER json"),
        ({"FIELDS": {}}, "FIELDS: expected at least one"),
        ({"FIELDS": {"record_no": "id"}}, "got 'record_no'"),
        ({"FIELDS": {"Bad Name": "id"}}, "got 'Bad Name'"),
        ({"TABLES": {}}, "TABLES: expected at least one"),
        ({"TABLES": {"tickets": "SELECT 1"}}, "got 'tickets'"),
        ({"NAIVE": ("begun",)}, "NAIVE: expected names in FIELDS, got 'begun'"),
        ({"SCOPE": "page"}, "SCOPE: expected a name in FIELDS, got 'page'"),
        ({"CONTAINER": "lines", "KEY": None, "FIELDS": {"id": "no group"}}, "one group, got 'no group'"),
        ({"CONTAINER": "lines", "KEY": None, "FIELDS": {"id": "(a"}}, "one group, got '(a'"),
    ],
)
def test_a_module_that_breaks_the_contract_is_told_how(changes: dict, sentence: str) -> None:
    with pytest.raises(FormatError, match="Format made_outages: ") as caught:
        made(**changes)
    assert sentence in str(caught.value)


def test_a_format_says_which_tables_it_fills() -> None:
    assert made().fills == "incidents"
    assert made(TABLES={}, IGNORES={"a plan": "true"}).fills == "no table"
    assert formats()["csv_mapped"].fills == "the table stated"


def test_the_product_is_the_first_word_of_the_name_unless_it_is_said() -> None:
    assert made("acme_status_pages").product == "acme"
    assert made("acme_status_pages", PRODUCT="acme_status").product == "acme_status"


def test_two_claims_are_no_claim() -> None:
    reading = read_one(PAGE, made(), made("other_outages"))
    assert reading.reason.startswith("claimed by made_outages and other_outages")
    assert reading.export is None
    assert read_one(PAGE, made(), made("other_outages"), format="other_outages").format == "other_outages"


def test_formats_are_asked_about_their_own_containers_only() -> None:
    anything = {"recognises": lambda head: True, "KEY": None}
    lines = {"FIELDS": {"id": "(.*)"}}
    one = [
        made(f"of_{c}", **anything, **(lines if c == "lines" else {}), CONTAINER=c) for c in ("json", "csv", "lines")
    ]
    claims = {c: recognise(Head("a", c), one) for c in ("json", "csv", "lines")}
    assert claims["json"][0].name == "of_json"
    assert claims["lines"][0].name == "of_lines"
    assert claims["csv"] == (
        None,
        "claimed by of_csv and of_lines: say which with --format or in `sources` of the catalogue",
    )


@pytest.mark.parametrize(
    "printed",
    [
        b"{\n  set: 'shop',\n  date: ISODate('2026-05-04T10:00:00.000Z'),\n  myState: 1,\n  members: []\n}\n",
        b'{\n\t"set" : "shop",\n\t"date" : ISODate("2026-05-04T10:00:00Z"),\n\t"myState" : 1,\n\t"members" : []\n}\n',
    ],
    ids=["mongosh", "mongo"],
)
def test_an_export_in_a_form_that_cannot_be_read_says_what_to_do(printed: bytes) -> None:
    reason = read_one(printed, find_format("mongodb_rs_status")).reason
    assert reason == (
        "the answer of rs.status() as the shell prints it, which is no JSON: print EJSON.stringify(rs.status())"
    )


def test_an_unknown_format_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"one of .*csv_mapped.*; got 'nonsense'"):
        find_format("nonsense")
    assert find_format("csv").name == "csv_mapped"


@pytest.mark.parametrize(
    ("content", "container", "keys", "first", "header"),
    [
        (b'{"a": [{"b": 1}], "c": 2}', "json", {"a", "c"}, {"a": [{"b": 1}], "c": 2}, []),
        (b'\xef\xbb\xbf [[{"b": 1}, {"b": 2}]]', "json", set(), {"b": 1}, []),
        (b'{"a": 1}\n{"b": 2}\n', "json", {"a"}, {"a": 1}, []),
        (b'broken\n{"a": 1}\n{"b": 2}\n', "json", {"a"}, {"a": 1}, []),
        (b'{"a": [1, 2], "b": [{"c": ', "json", {"a", "b"}, {"a": [1, 2], "b": [{"c": None}]}, []),
        (b'[{"a": 1}, {"b": ', "json", set(), {"a": 1}, []),
        (b'{"a": 1}{"b": 2}', "json", {"a"}, {"a": 1}, []),
        (b"a;b,c\n1;2\n", "csv", set(), {}, ["a", "b,c"]),
        (b"[2026-01-01] started\n[2026-01-02] ended\n", "lines", set(), {}, []),
    ],
)
def test_heads(content: bytes, container: str, keys: set, first: dict, header: list[str]) -> None:
    seen = []

    def looks(head) -> bool:
        seen.append(head)
        return False

    lines = {"FIELDS": {"id": "(.*)"}} if container == "lines" else {}
    one = made(recognises=looks, KEY=None, CONTAINER=container, **lines)
    assert read_one(content, one, name="folder/file.json").reason == "no format recognises it"
    (head,) = seen
    assert (head.name, head.container, head.keys) == ("folder/file.json", container, keys)
    assert (head.first, head.header) == (first, header)
    assert head.text == content.decode("utf-8-sig")


AWKWARD = ("value", "raw", "text", "utc", "reason", "ignored", "table", "x", "line", "key", "places", "after", "batch")


@pytest.mark.parametrize("container", ["json", "csv", "lines"])
def test_field_names_that_the_engine_uses_itself(container: str) -> None:
    pattern = {"json": "{}", "csv": "{}", "lines": r"{}=(\d[^;]*)"}[container]
    fields = {name: pattern.format(name) for name in AWKWARD}
    select = (
        "SELECT record_no, value AS incident_id, raw AS component, text AS started_at, reason AS title FROM records"
    )
    one = made(
        CONTAINER=container,
        KEY=None,
        FIELDS=fields,
        NAIVE=("text", "utc"),
        TABLES={"incidents": select},
        recognises=lambda head: True,
        IGNORES={"left out": "reason = '8'"},
    )
    rows = [dict.fromkeys(AWKWARD, "7") | {"text": "2026-01-01 00:00"}, dict.fromkeys(AWKWARD, "8"), {"after": "9"}]
    table = [AWKWARD, *([row.get(name, "") for name in AWKWARD] for row in rows)]
    content = {
        "json": "\n".join(map(json.dumps, rows)),
        "csv": "\n".join(map(",".join, table)),
        "lines": "\n".join("".join(f"{k}={v};" for k, v in row.items()) for row in rows),
    }
    reading = read_one(content[container].encode(), one, timezone="Europe/Rome")
    assert (reading.reason, reading.records, reading.used, reading.ignored) == (None, 3, 1, 1)
    (row,) = reading.tables["incidents"].to_pylist()
    assert (row["incident_id"], row["component"], row["title"], row["started_at"].hour) == ("7", "7", "7", 23)
    assert reading.rejects["raw"].to_pylist() == [content[container].splitlines()[-1]]
