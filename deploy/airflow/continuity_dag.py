"""Continuity reports as an Airflow DAG: copy to the folder of DAGs; `continuity` is on the workers' PATH.

Secrets (CONTINUITY_WEBHOOK_URL, CONTINUITY_SMTP_*) are in the workers' environment. A retry runs only what failed.
"""

import os
from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

DATA = os.environ.get("CONTINUITY", "/opt/continuity")
ZONE = "Europe/Rome"
PERIODS = {"last-week": "30 5 * * 1", "last-month": "30 5 2 * *", "last-quarter": "30 5 2 1,4,7,10 *"}

for period, schedule in PERIODS.items():
    with DAG(
        dag_id=f"continuity_{period.replace('-', '_')}",
        schedule=schedule,
        start_date=pendulum.datetime(2026, 1, 1, tz=ZONE),
        catchup=False,
        max_active_runs=1,
        default_args={"retries": 2, "retry_delay": timedelta(minutes=10), "execution_timeout": timedelta(hours=2)},
        tags=["continuity"],
    ) as dag:
        ingest = BashOperator(task_id="ingest", bash_command=f"continuity ingest {DATA}/logs --store {DATA}/store")
        report = BashOperator(
            task_id="report",
            bash_command=(
                f"continuity report --store {DATA}/store --catalog {DATA}/logs/services.yaml --period {period} "
                f"--timezone {ZONE} --out {DATA}/reports/{period} --keep 12 --resume --wait 600 --log text --webhook"
            ),
        )
        ingest >> report
    globals()[dag.dag_id] = dag
