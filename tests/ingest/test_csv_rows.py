"""CSV whatever its encoding, delimiter and quotes; a row that does not fit loses no other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.made_up import ids, made, read_one, reasons

FIELDS = {"id": ("Kennung", "id"), "site": "Ort", "begin": "from"}
TABLE = made(CONTAINER="csv", KEY=None, FIELDS=FIELDS, recognises=lambda head: len(head.header) > 1)
HEAD = "id,Ort,from\n"


def read(text: str | bytes, **options):
    content = text if isinstance(text, bytes) else text.encode()
    return read_one(content, TABLE, name="a.csv", **options)


def sites(reading) -> list[str]:
    return reading.tables["incidents"].sort_by("record_no")["component"].to_pylist()


def test_encodings() -> None:
    text = HEAD + "1,Köln,\n2,Łódź,\n3,plain,\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        content = text.encode(encoding)
        content = b"\xff\xfe" + content if encoding == "utf-16-le" else content
        assert sites(read(content)) == ["Köln", "Łódź", "plain"], encoding
    assert sites(read((HEAD + "1,Köln,\n2,“Zoo” – €,\n").encode("cp1252"))) == ["Köln", "“Zoo” – €"]


def test_a_bad_byte_in_utf8_loses_one_row() -> None:
    reading = read((HEAD + "1,Köln,\n2,xx,\n3,Zoo,\n").encode().replace(b"xx", b"\xff"))
    assert ids(reading) == ["1", "3"]
    assert reasons(reading) == {2: "it is not UTF-8"}


def test_delimiters() -> None:
    for delimiter in ",;\t|":
        text = (HEAD + '1,"a;b|c,d\te",\n2,x,2026-01-01T00:00:00Z\n').replace(",", delimiter)
        reading = read(text)
        assert ids(reading) == ["1", "2"], delimiter
    assert ids(read("sep=;\r\nid;Ort;from\r\n1;a;\r\n")) == ["1"]


def test_quoted_line_breaks_and_quotes() -> None:
    reading = read('id,Ort,from\n1,"first\r\nsecond ""quoted""",\n2,b,\n')
    assert sites(reading) == ['first\r\nsecond "quoted"', "b"]


def test_of_equal_headers_the_first_counts_and_case_does_not() -> None:
    assert sites(read("id,ort,from\n1,a,\n")) == ["a"]
    reading = read("ID,Ort,Ort,from,extra\n1,a,b,,x\n2,,b,,x\n")
    assert sites(reading) == ["a"]
    assert reasons(reading) == {2: "component: expected a value, got none"}


def test_alternative_headers() -> None:
    assert ids(read("Kennung,Ort\n1,a\n")) == ["1"]
    assert ids(read("Kennung,Ort,id\n,a,9\n1,a,9\n")) == ["1"]


def test_ragged_rows_are_rejected_with_their_text() -> None:
    reading = read(HEAD + '1,a,\n2,b\n\n3,c,,,\n4,d,,e\n"5,"\n6,f,\n')
    assert ids(reading) == ["1", "3", "6"]
    wide = "expected 3 cells as in the header, got "
    assert reasons(reading) == {2: wide + "2", 4: wide + "4", 5: wide + "1"}
    assert reading.rejects["raw"].to_pylist() == ["2,b", "4,d,,e", '"5,"']


def test_a_stray_quote_loses_one_row() -> None:
    reading = read(HEAD + '1,a,\n2,"b,\n3,c,\n4,d"e,\n5,f,\n6,"never closed,\n7,g,\n')
    assert ids(reading) == ["1", "3", "4", "5", "7"]
    assert list(reasons(reading)) == [2, 6]
    assert reading.rejects["raw"].to_pylist() == ['2,"b,', '6,"never closed,']


def test_sloppy_quotes_are_read_where_the_cells_are_plain() -> None:
    reading = read(HEAD + '1,"a" ,\n2,"b"c,\n3,d "e",\n4,f,"\n5,g,\n')
    assert ids(reading) == ["1", "2", "3", "4", "5"]
    assert sites(reading) == ["a", "bc", 'd "e"', "f", "g"]


def test_sloppy_quotes_in_the_header() -> None:
    assert ids(read('"id" ,Ort,from\n1,a,\n')) == ["1"]


def test_a_file_of_headers_only() -> None:
    reading = read(HEAD)
    assert (reading.format, reading.records) == ("made_outages", 0)


DELIMITER, END = st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"])
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=10), DELIMITER, END)
def test_every_text_survives_quoting(cells: list[tuple[str, str]], delimiter: str, end: str) -> None:
    rows = [["id", "Ort", "note"], *([f"n{n}", f"<{a}>", b] for n, (a, b) in enumerate(cells))]
    text = "".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + end for row in rows)
    reading = read(text)
    assert reading.records == len(cells)
    assert sites(reading) == [f"<{a}>" for a, _ in cells]
