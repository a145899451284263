import pandas as pd

from continuity_analysis.catalog import read_catalog
from continuity_analysis.catalog.draft import draft_catalog


def frame(what, *pairs):
    return pd.DataFrame(pairs, columns=[what, "product"], dtype="str")


def test_a_draft_is_a_catalogue_that_claims_everything_seen(tmp_path):
    names = ["Checkout", "Orders [EU]", "orders", "Zürich - (ZRH)", "what?", "null", "on"]
    components = frame("component", *[(n, "pagerduty") for n in names], ("Checkout", "statuspage"))
    assets = frame("asset", ("orders-db", "pbm"), ("files:/srv", "restic"), ("null", "pbm"))
    path = tmp_path / "services.yaml"
    path.write_text(draft_catalog(components, assets, origin="logs"), encoding="utf-8")
    catalog = read_catalog(path)
    assert set(catalog.services_of_components(names)["component"]) == set(names)
    claimed = catalog.services_of_assets(assets["asset"]).set_index("asset")["service"]
    assert set(claimed.index) == set(assets["asset"])
    assert claimed["orders-db"] == "orders"
    assert catalog.services["checkout"].watched_by == ("pagerduty", "statuspage")


def test_a_draft_of_nothing_reads_too(tmp_path):
    path = tmp_path / "services.yaml"
    path.write_text(draft_catalog(frame("component"), frame("asset"), origin="nothing"))
    assert read_catalog(path).services == {}
