"""Compare pages with the JSON that they show, in processor time, over the project's seeds.

    .venv/bin/python -m benchmarks.pages

A page that is made anew is compared with the JSON at the addresses below it, made anew too; one that is kept, and a
304, with the same JSON kept. Prints ratios: a page may cost three times its JSON.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks.reads import best
from service.api import build_app
from service.operations.startup import prepare
from service.storage.database import Database
from service.store import Store
from service.web.http.kept_answers import KeptAnswers
from service.web.pages.page_cache import PageCache
from tests.settings import make_settings

CLAIM, SOURCE, DOCUMENT = "nk-12000-troops-sent", "russia-government", "doc-wsj-report"
SHOWN: dict[str, list[str]] = {
    f"/claims/{CLAIM}": [
        f"/v1/claims/{CLAIM}?include=links",
        f"/v1/claims/{CLAIM}/mentions?limit=200",
        f"/v1/claims/{CLAIM}/corroboration",
        f"/v1/claims/{CLAIM}/provenance",
        f"/v1/claims/{CLAIM}/history",
        f"/v1/claims/{CLAIM}/verdicts",
    ],
    "/search?q=workers": ["/v1/claims?q=workers&limit=20"],
    "/sources": ["/v1/sources"],
    f"/sources/{SOURCE}": [
        f"/v1/sources/{SOURCE}",
        f"/v1/claims?origin={SOURCE}&stance=supports&status=single_origin&sort=mentions&limit=10",
        f"/v1/claims?origin={SOURCE}&stance=refutes&sort=mentions&limit=10",
        f"/v1/sources/{SOURCE}/claims",
    ],
    f"/documents/{DOCUMENT}": [f"/v1/documents/{DOCUMENT}", f"/v1/documents/{DOCUMENT}/claims?sort=mentions"],
    "/conflicts": ["/v1/conflicts"],
    "/suggestions": ["/v1/suggestions"],
}
ROUNDS = 15


def main() -> None:
    """Print a line for each page."""
    with tempfile.TemporaryDirectory() as folder:
        settings = make_settings(f"sqlite:///{Path(folder) / 'claims.db'}")
        prepare(settings, lambda step: None)
        database = Database(settings)
        app = build_app(Store(database), settings)
        client = app.test_client()

        def cost(paths: Sequence[str], tag: str | None = None, *, anew: bool = False) -> float:
            def fetch() -> None:
                if anew:
                    app.extensions["pages"] = PageCache()
                    app.extensions["kept_answers"] = KeptAnswers(app.extensions["store"])
                for path in paths:
                    _get(client, path, tag)

            return best(fetch, ROUNDS, time.process_time)

        stated = client.get(SHOWN[f"/documents/{DOCUMENT}"][1]).get_json()["data"]
        SHOWN[f"/documents/{DOCUMENT}"] += [f"/v1/claims/{claim['id']}/mentions" for claim in stated]
        for page, json in SHOWN.items():
            tag = client.get(page).headers["ETag"].strip('"')
            anew, shown = cost([page], anew=True), cost(json, anew=True)
            kept, same, known = cost([page]), cost([page], tag), cost(json)
            print(
                f"{page:34} made anew {anew * 1e3:6.2f} ms {anew / shown:4.1f} x JSON ({shown * 1e3:6.2f} ms)   "
                f"kept {kept * 1e3:5.2f} ms {kept / known:4.1f} x   304 {same * 1e3:5.2f} ms {same / known:4.1f} x"
            )
        database.close()


def _get(client: FlaskClient, path: str, tag: str | None = None) -> None:
    headers = {"Accept": "application/json" if path.startswith("/v1/") else "text/html"}
    response = client.get(path, headers=headers | ({"If-None-Match": f'"{tag}"'} if tag else {}))
    if response.status_code != (304 if tag else 200):
        raise RuntimeError(f"{path}: {response.status}")


if __name__ == "__main__":
    main()
