"""Every page, style sheet and picture is valid by vnu, the W3C's checker."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import requests

from tests.browser.content import MANY
from tests.browser.pages import EVERY, status_of
from tests.node import BROWSER, require_java, require_packages
from tests.web.helpers import example_claim
from tests.web.pages.reading import BROWSER as ACCEPTED

_JAR = BROWSER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_OTHERS = {
    "page.css": "/static/page.css",
    "provenance.css": "/static/provenance.css",
    "icon.svg": "/favicon.ico",
    "badge.svg": f"/v1/claims/{example_claim()}/badge.svg",
    "picture.svg": f"/v1/claims/{example_claim()}/provenance?format=svg",
    "folded.svg": f"/v1/claims/{MANY}/provenance?format=svg",
}


def test_every_page_style_sheet_and_picture_is_valid(site: str, tmp_path: Path) -> None:
    require_java()
    require_packages(BROWSER)
    files = {f"{name}.html": path for name, path in EVERY.items()} | _OTHERS
    for name, path in files.items():
        response = requests.get(site + path, headers={"Accept": ACCEPTED}, timeout=30)
        assert response.status_code == status_of(path), path
        (tmp_path / name).write_bytes(response.content)
    assert _messages(tmp_path) == []


def _messages(folder: Path) -> list[str]:
    """Return the errors and warnings in the files of a folder."""
    checked = ["--also-check-css", "--also-check-svg", "--format", "json"]
    done = subprocess.run(
        ["java", "-Xss4m", "-jar", _JAR, *checked, folder], capture_output=True, text=True, timeout=300, check=False
    )
    found = json.loads(done.stderr)["messages"]
    return [f"{Path(each['url']).name}:{each.get('lastLine')}: {each['message']}" for each in found]
