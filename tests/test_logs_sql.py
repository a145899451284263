"""SQL over the tables in hand: what it answers, and all that it may not do."""

import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.errors import InputError

LOGS = make_logs(
    as_of="2026-08-01",
    timezone="Europe/Rome",
    incidents=[
        {"started_at": "2026-07-01 00:10", "restored_at": "2026-07-01 02:10", "severity": 1},
        {"started_at": "2026-06-30 22:30", "impact": 0.5},
    ],
    requests=[{"minute_at": "2026-07-01", "total": 4, "latency_histogram": [1, 3]}],
)


def test_tables_are_known_by_their_names_and_unknown_is_null():
    found = LOGS.sql("SELECT incident_id, impact IS NULL AS unknown, severity FROM incidents ORDER BY started_at")
    assert found["incident_id"].tolist() == ["I2", "I1"]
    assert found["unknown"].tolist() == [False, True]
    assert found["severity"].isna().tolist() == [True, False]
    assert LOGS.sql("SELECT list_sum(latency_histogram) AS n FROM requests")["n"].tolist() == [4]


def test_days_are_of_the_logs_zone_and_moments_come_back_in_utc():
    query = "SELECT date_trunc('day', started_at) AS day, hour(started_at) AS hour FROM incidents ORDER BY ALL"
    found = LOGS.sql(query)
    assert found["day"].tolist() == [pd.Timestamp("2026-06-30 22:00", tz="UTC")] * 2
    assert found["hour"].tolist() == [0, 2]


@pytest.mark.parametrize("query", ["FROM incidents", "DESCRIBE incidents", "PIVOT incidents ON status USING count(*)"])
def test_each_way_of_reading_is_allowed(query):
    assert len(LOGS.sql(query))


def test_a_query_does_not_change_the_tables():
    before = LOGS.incidents.copy()
    found = LOGS.sql("SELECT * FROM incidents")
    found.loc[:, "severity"] = 5
    pd.testing.assert_frame_equal(LOGS.incidents, before)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT 1; SELECT 2",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW incidents",
        "SET enable_external_access = true",
        "COPY incidents TO 'x.csv'",
        "ATTACH 'x.db'",
        "INSTALL httpfs",
    ],
)
def test_only_one_statement_that_reads_is_taken(query):
    with pytest.raises(InputError, match="Expected one statement that reads"):
        LOGS.sql(query)


@pytest.mark.parametrize("source", ["read_csv('{}')", "read_text('{}')", "glob('{}')", "read_csv('http://127.0.0.1/')"])
def test_files_and_the_network_are_out_of_reach(source, tmp_path):
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="files and the network are out of reach here"):
        LOGS.sql(f"FROM {source.format(file)}")
    with pytest.raises(InputError):
        LOGS.sql(f"FROM '{file}'")


def test_variables_of_the_caller_are_no_tables():
    mine = pd.DataFrame({"a": [1]})  # noqa: F841
    with pytest.raises(InputError, match="mine does not exist; the tables are incidents, states, backups"):
        LOGS.sql("FROM mine")


def test_a_column_that_is_not_there_names_those_that_are():
    with pytest.raises(InputError, match='"nope" not found in FROM clause; incidents has incident_id, component'):
        LOGS.sql("SELECT nope FROM incidents")


def test_a_slip_of_the_pen_is_one_sentence():
    with pytest.raises(InputError, match=r"syntax error at or near .*; the tables are incidents") as caught:
        LOGS.sql("SELEC 1")
    assert "\n" not in str(caught.value)
