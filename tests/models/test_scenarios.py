"""Scenarios as they are written, and what is said of those that cannot be understood or answered."""

import re
from dataclasses import fields

import numpy as np
import pytest
import yaml

from continuity_analysis.catalog import read_catalog, read_scenarios
from continuity_analysis.errors import CatalogError, InputError
from continuity_analysis.models.edits import no_edits
from continuity_analysis.models.scenarios import edits_of, why_not
from tests.models.platforms_in_hand import platform, recoveries, undetected

YAML = """
hourly backups: {backup_every: 1h}
second zone: {services: [s0], zones: {count: 2, common_cause: 30%, failover: 2min}}
both:
  - {services: ["s*"], detect_within: 5min, restore_time: 0.5, failure_rate: 0.9}
  - {services: [s1], replica: {lag: 5s, saves: 80%}, disaster: {every: 50y, down: 1d, lost: 6h, one_zone: true}}
"""


@pytest.fixture
def two():
    return platform(1e-4, 0.0, 1.0, services=2)


def test_from_yaml_into_numbers(tmp_path, two):
    path = tmp_path / "scenarios.yaml"
    path.write_text(YAML)
    edits = {name: edits_of(changes, two, name=name) for name, changes in read_scenarios(path).items()}
    assert edits["hourly backups"].backup_every.tolist() == [1, 1]
    zoned = edits["second zone"]
    assert [zoned.zones.tolist(), zoned.common_cause.tolist()] == [[2, 1], [0.3, 1]]
    assert zoned.failover.tolist() == pytest.approx([2 / 60, 0])
    both = edits["both"]
    assert both.detect_at_most == pytest.approx(np.full(2, 5 / 60))
    assert [both.restore.tolist(), both.rate.tolist()] == [[0.5, 0.5], [0.9, 0.9]]
    assert both.replica_lag[1] == pytest.approx(5 / 3600)
    disaster = both.disasters[0]
    assert [disaster.per_year, disaster.down_hours, disaster.lost_hours, disaster.one_zone] == [1 / 50, 24, 6, True]
    assert disaster.hits.tolist() == [False, True]


def test_the_catalogue_states_them_as_a_file_does(tmp_path):
    stated = read_catalog({"services": {"s0": {}, "s1": {}}, "scenarios": yaml.safe_load(YAML)}).scenarios
    path = tmp_path / "scenarios.yaml"
    path.write_text(YAML)
    assert stated == read_scenarios(path)
    assert read_scenarios(stated) == stated
    assert read_catalog({"scenarios": {"x": {"services": ["any component"]}}}).scenarios["x"][0].services
    with pytest.raises(CatalogError, match=r"scenarios\.both\.services: there is no 's2'"):
        read_catalog({"services": {"s1": {}}, "scenarios": {"both": [{}, {"services": ["s2"]}]}})


def test_nothing_changes_nothing(two):
    edits, none = edits_of(read_scenarios({"x": {}})["x"], two, name="x"), no_edits(2)
    for field in fields(none):
        assert np.array_equal(
            getattr(edits, field.name), getattr(none, field.name), equal_nan=field.name != "disasters"
        )


WRONG = {
    "there is no 'backups_every'; did you mean 'backup_every'": {"x": {"backups_every": "1h"}},
    "scenarios.x.backup_every: expected a duration with its unit": {"x": {"backup_every": "1"}},
    "scenarios.x.1.replica.lag: expected a duration": {"x": [{}, {"replica": {"lag": 5, "saves": 1}}]},
    "scenarios.zones.backup_ever: there is no 'backup_ever'; did you mean": {"zones": {"backup_ever": "1h"}},
    "scenarios.x.backup_every: input should be greater than 0": {"x": {"backup_every": "0h"}},
    "scenarios.x: input should be": {"x": None},
    "zones.common_cause: expected a value, got none": {"x": {"zones": {"count": 2}}},
    "zones.comon_cause: there is no 'comon_cause'; did you mean 'common_cause'": {"x": {"zones": {"comon_cause": 1}}},
    "expected required below count, got 2 of 2": {"x": {"zones": {"count": 2, "required": 2, "common_cause": 0}}},
    "expected a number of years, such as 50y, got '50'": {"x": {"disaster": {"every": "50"}}},
    "greater than or equal to 0": {"x": {"failure_rate": -1}},
    "expected another name than 'today'": {"today": {}},
    "expected scenarios by name": [],
}


@pytest.mark.parametrize("sentence", WRONG)
def test_what_is_wrong_is_said_in_a_sentence(sentence, tmp_path):
    content = WRONG[sentence]
    if isinstance(content, list):
        path = tmp_path / "s.yaml"
        path.write_text("[]")
        content = path
    with pytest.raises(CatalogError, match=re.escape(sentence)):
        read_scenarios(content)


def test_no_such_file_and_no_such_service(tmp_path, two):
    with pytest.raises(CatalogError, match="check the path"):
        read_scenarios(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="did you mean 's1'"):
        edits_of(read_scenarios({"x": {"services": ["s11"]}})["x"], two, name="x")
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [")
    with pytest.raises(CatalogError, match="does not parse at line 1"):
        read_scenarios(broken)


def test_what_cannot_be_answered_says_why(two):
    detect = edits_of(read_scenarios({"x": {"detect_within": "5min"}})["x"], two, name="x")
    assert (why_not(detect, two) == "how long failures stay undetected is not known").all()
    seen = platform(1e-4, 0.0, 1.0, detection=undetected(0.5))
    assert why_not(edits_of(read_scenarios({"x": {"detect_within": "5min"}})["x"], seen, name="x"), seen).isna().all()
    lost = edits_of(read_scenarios({"x": {"disaster": {"every": "50y"}}})["x"], two, name="x")
    assert why_not(lost, two).str.contains("state down").all()
    known = platform(1e-4, 0.0, 1.0, services=2, recoveries=recoveries(0.0, 1.0, share=0.1, services=2))
    assert why_not(lost, known).isna().all()
