from pathlib import Path

from continuity_analysis.figures.definitions import DEFINITIONS, definitions, glossary
from continuity_analysis.tables import TABLES

ROOT = Path(__file__).parents[2]


def test_the_glossary_is_in_step_and_lists_every_column():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    assert text == glossary(), "make it anew: python -m continuity_analysis.figures.definitions > GLOSSARY.md"
    for table in TABLES.values():
        for column in table.all_columns:
            assert f"| `{column.name}` |" in text


def test_definitions_come_with_the_conventions():
    text = definitions("restoration")
    for term in (*DEFINITIONS["restoration"], *DEFINITIONS["conventions"]):
        assert term[1:] in text
