"""Every kind of export has its words."""

from continuity_analysis.figures.data_quality import EXPORTS
from continuity_analysis.ingest.manual import SHOWS
from continuity_analysis.ingest.registry import EXPORT_KINDS


def test_every_kind_of_export_has_words() -> None:
    assert set(EXPORTS) == set(SHOWS) == set(EXPORT_KINDS)
