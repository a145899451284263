"""JSON text that is broken or very big: what its head shows, and that it is read whole all the same."""

import json

import pytest

from continuity_analysis.ingest import json_text
from continuity_analysis.ingest.json_text import end_of, first_value
from continuity_analysis.ingest.json_values import find_records

BIG = {"n": 1, "outages": [{"id": k, "text": ']}\\" ' * 9} for k in range(50)], "page": {"a": ["x" * 9]}, "more": False}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, "b": {"c": [2]}} {"d": 3}', {"a": 1, "b": {"c": [2]}}),
        ('{"a": 1, "b": {"c": ', {"a": 1, "b": {"c": None}}),
        ('{"a": 1, "b": [{"c": 2}, {"d": ', {"a": 1, "b": [{"c": 2}]}),
        ('{"a": {"b": [{"c": 2}, {"d": ', {"a": {"b": [{"c": 2}]}}),
        ('{"a":' * 100_000, {"a": {"a": {"a": {"a": {"a": None}}}}}),
        ('{"a": 1, "b": oops, "c": 2}', {"a": 1, "b": None}),
        ('[{"a": 1}, {"b": ', [{"a": 1}]),
        ('[{"a": 1, "b": ', [{"a": 1, "b": None}]),
        ("[1, 2", []),
        ("[" * 100_000, []),
    ],
)
def test_as_much_of_a_broken_value_as_decodes(text: str, value) -> None:
    assert first_value("\ufeff " + text) == value


def test_a_very_big_value_shows_its_members_and_the_first_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "_BIG", 1000)
    monkeypatch.setattr(json_text, "_BIG_MEMBER", 100)
    assert first_value(json.dumps(BIG)) == BIG | {"outages": BIG["outages"][:1]}
    assert first_value(json.dumps(BIG["outages"])) == BIG["outages"][:1]
    assert first_value(json.dumps(BIG)[:-3]) == BIG | {"outages": BIG["outages"][:1], "more": None}


def test_the_end_of_a_value_is_where_its_brackets_close() -> None:
    text = json.dumps(BIG, indent=1)
    assert end_of(text + " , 1", 0) == len(text)
    assert end_of(text + " x", 0) is None
    assert end_of(text[:-1], 0) is None
    assert end_of("1", 0) is None


@pytest.mark.parametrize(
    ("text", "keys", "values", "pages"),
    [
        ('{"a": 1, "k": [{"i": 1}], "b": 2}', ("k",), ['{"i": 1}'], ['{"a": 1, "b": 2}']),
        ('{"a": {"k": [1], "c": 3}, "b": 2}', ("a.k",), ["1"], ['{"a": {"c": 3}, "b": 2}']),
        ('{"k": {"i": 1}}', ("ks", "k"), ['{"i": 1}'], ["{}"]),
        ('{"k": null, "a": 1}', ("k",), [], ['{"k": null, "a": 1}']),
        ('{"k": "word", "a": 1}', ("k",), ['{"k": "word", "a": 1}'], []),
        ('{"a": {"k": 1}}', ("a.k",), ['{"a": {"k": 1}}'], []),
        ('{"x": [1], "y": 2, "z": [3]}', ("*",), ["1", "3"], ['{"y": 2}']),
        ('{"x": 1}', ("*",), ['{"x": 1}'], []),
        ('{"r": {"x": {"k": [1]}, "y": {"k": [2]}}}', ("r.*.k",), ["1", "2"], ['{"r": {"x": {}, "y": {}}}']),
        ('{"a": 1} [2, [3, {"k": [4]}]]', ("k",), ['{"a": 1}', "2", "3", "4"], ["{}"]),
        ('{"k": [1]}', (), ['{"k": [1]}'], []),
    ],
)
def test_what_is_a_record_and_what_is_around_it(text: str, keys: tuple, values: list[str], pages: list[str]) -> None:
    found = find_records(text, keys)
    assert (found.values, found.pages, found.trouble) == (values, pages, None)


def test_the_name_of_the_array_is_kept() -> None:
    found = find_records('{"r": {"x": {"k": [1]}, "y": {"k": [2, 3]}}}', ("r.*.k",))
    assert found.array_of == ["x", "y", "y"]
