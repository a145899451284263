"""The continuity guidelines in the catalogue: what overrides what, and errors that say what was expected."""

import pandas as pd
import pytest
import yaml

from continuity_analysis.catalog import is_closed, read_catalog, readiness_of
from continuity_analysis.errors import CatalogError

STATED = """
readiness:
  min_zones: 1
  drill_max_age_days: 180
  skip: {autoscaling: nothing here scales}
  closed_findings: {"OPS-1*": 2026-03-01}
services:
  plain: {}
  strict:
    evidence_max_age_days: 90
    readiness: {min_replicas: 3, min_zones: 2, suppliers: [Second Power], skip: {nodes: one machine by design},
                reconnect_within: 2min, closed_findings: {"*bucket*": "2026-05-01"}}
"""


@pytest.fixture
def catalog():
    return read_catalog(yaml.safe_load(STATED))


def test_a_service_follows_what_it_states_else_what_is_stated_for_all_else_the_defaults(catalog):
    plain, strict = readiness_of(catalog, "plain"), readiness_of(catalog, "strict")
    assert (plain.min_replicas, plain.min_zones) == (2, 1)
    assert (strict.min_replicas, strict.min_zones) == (3, 2)
    assert strict.reconnect_within_hours == pytest.approx(2 / 60)
    assert (plain.suppliers, strict.suppliers) == (None, ("Second Power",))


def test_what_does_not_apply_to_all_does_not_apply_to_one(catalog):
    assert list(readiness_of(catalog, "plain").skip) == ["autoscaling"]
    assert set(readiness_of(catalog, "strict").skip) == {"autoscaling", "nodes"}


def test_ages_not_stated_are_those_of_the_evidence_of_the_service(catalog):
    strict = readiness_of(catalog, "strict")
    assert (strict.drill_max_age_days, strict.proof_max_age_days, strict.rollback_max_age_days) == (180, 90, 90)
    assert readiness_of(catalog, "stranger").proof_max_age_days == 365


def test_a_finding_is_closed_by_a_day_after_it_was_found_and_not_in_the_future(catalog):
    strict = readiness_of(catalog, "strict")

    def closed(finding, found, until):
        moments = {"found_at": pd.Timestamp(found, tz="UTC"), "until": pd.Timestamp(until, tz="UTC")}
        return is_closed(strict, finding, **moments)

    assert closed("Runbook named a Bucket that is gone", "2026-04-01", "2026-06-01")
    assert closed("ops-12: bad key", "2026-02-01", "2026-06-01")
    assert not closed("Runbook named a bucket", "2026-05-02", "2026-06-01")  # found again since
    assert not closed("Runbook named a bucket", "2026-04-01", "2026-04-30")  # not closed yet
    assert not closed("Something else", "2026-04-01", "2026-06-01")


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"min_replica": 3}, "readiness.min_replica: there is no 'min_replica'; did you mean 'min_replicas'?"),
        ({"min_nodes": 0}, "readiness.min_nodes: input should be greater than or equal to 1, got 0"),
        ({"pipeline_max_age_days": 0}, "readiness.pipeline_max_age_days: input should be greater than 0, got 0"),
        ({"checks": ["zone"]}, "readiness.checks: there is no check 'zone'; did you mean 'zones'?"),
        ({"skip": {"xyzzy": "because"}}, "there is no check 'xyzzy'; expected some of replicas, nodes"),
        ({"skip": ["zones"]}, "readiness.skip: expected each check with its reason, such as {zones: one site only}"),
        ({"skip": {"zones": ""}}, "readiness.skip.zones"),
        ({"reconnect_within": 15}, "readiness.reconnect_within: expected a duration with its unit"),
        ({"closed_findings": {"x": "soon"}}, "readiness.closed_findings.x: "),
    ],
)
def test_errors_name_the_key_and_what_was_expected(stated, sentence):
    for content in ({"readiness": stated}, {"services": {"a": {"readiness": stated}}}):
        with pytest.raises(CatalogError) as error:
            read_catalog(content)
        assert sentence in str(error.value)
