"""A review of one service shows the numbers of all the others' reports, also when a run has kept them."""

import pandas as pd
import pytest

import continuity_analysis as ca
from continuity_analysis.errors import InputError
from continuity_analysis.figures import service_review as shown
from continuity_analysis.questions.service_review import ASKED, read_answers, write_answers


@pytest.fixture(scope="module")
def answers():
    some = [f"data/sample/{folder}" for folder in ("pagerduty", "drills", "pbm")]
    logs = ca.read_logs(some, catalog="data/sample/services.yaml")
    return ca.review_answers(logs, "2026Q3")


def test_it_is_what_is_asked_for_all_with_only_one_service_left(answers):
    review = ca.service_review(answers, "checkout")
    assert set(review.frames) == set(ASKED)
    assert set(review.survival["group"]) == {"all services", "checkout"}
    for name in set(ASKED) - {"survival"}:
        assert set(review.frames[name]["service"]) <= {"checkout"}
    whole = answers.scorecard
    pd.testing.assert_frame_equal(review.scorecard, whole[whole["service"] == "checkout"].reset_index(drop=True))


def test_without_a_name_it_is_the_service_with_the_worst_verdict(answers):
    assert ca.service_review(answers).service == answers.scorecard["service"].iloc[0]


def test_an_unknown_service_is_named_with_those_there_are(answers):
    with pytest.raises(InputError, match=r"out of accounts, catalog.*, got 'chekout'"):
        ca.service_review(answers, "chekout")
    with pytest.raises(AttributeError, match="scorecard"):
        _ = answers.scorecards


def test_what_a_run_keeps_is_read_again_to_the_last_digit(answers, tmp_path):
    write_answers(answers, tmp_path / "answers")
    again = ca.answers_for_notebook(answers=str(tmp_path / "answers"))
    assert (again.period, again.as_of) == (answers.period, answers.as_of)
    for name, frame in answers.frames.items():
        pd.testing.assert_frame_equal(again.frames[name], frame.reset_index(drop=True), check_exact=True)
    with pytest.raises(InputError, match="leave the parameter empty"):
        read_answers(tmp_path)


def test_the_page_says_what_counts_and_what_may_be_chance(answers):
    review = ca.service_review(answers, "checkout")
    counted = review.incidents["excluded"].isna().sum()
    assert f"{counted} unplanned incidents counted" in shown.review_sentence(review)
    assert "7 objectives of checkout" in shown.review_sentence(review)
    incidents = shown.review_incidents_table(review)
    at = incidents.columns.index("Counts in time to restore")
    assert sum(row[at] == "yes" for row in incidents.rows) == counted
    said = [row[3] for row in shown.changes_table(review).rows]
    assert any("may be chance" in words for words in said)
    assert not any(words.endswith("not tested") for words in said)
    bare = shown.without_service(shown.changes_table(review))
    assert bare.columns == shown.changes_table(review).columns
    assert "Successful requests" in shown.caveats_table(review).to_text()


def test_a_service_of_which_nothing_is_known_says_so(answers):
    empty = {name: frame.head(0) for name, frame in answers.frames.items()}
    card = answers.scorecard.head(1).assign(service="new", verdict="NOT_SET", objective="rpo")
    card = card.assign(target=float("nan"), achieved=float("nan"), previous=float("nan"), assumed=None)
    review = ca.service_review(type(answers)(empty | {"scorecard": card}, answers.period, answers.as_of), "new")
    assert "No objective is set for new" in shown.review_sentence(review)
    assert "nothing to compare" in shown.change_sentence(review)
    assert shown.review_incidents_table(review).caption == "No incident in this period"
    assert shown.changes_table(review).caption.startswith("Nothing was measured")
    assert "no source watched it" in shown.caveats_table(review).to_text()
