"""Lighthouse on a claim, a search and the documentation: ``make test-lighthouse``.

Accessibility, best practices and what search engines want have to be .95 or more. So should the performance, as a phone
over a slow network has it; it is only printed, since it depends on what else the machine does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from service.operations.startup import prepare
from tests.browser.chromium import FLAGS, chromium_binary
from tests.browser.content import browsed
from tests.browser.pages import CONTESTED
from tests.processes import PROJECT, running_service
from tests.settings import make_settings

PATHS = (f"/claims/{CONTESTED}", "/search?q=workers", "/docs")
LEAST = 0.95
_PROGRAM = PROJECT / "tools" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"


def main() -> None:
    """Print the scores of each page, and fail if one of them is too low."""
    low = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(make_settings(f"sqlite:///{folder / 'seeds.db'}"), lambda step: None)
        browsed(folder, folder / "seeds.db")
        settings = {"DATABASE_URL": f"sqlite:///{folder / 'claims.db'}", "SEED_ON_START": "false"}
        with running_service(folder, settings) as service:
            for path in PATHS:
                scores = _scores(service.url + path)
                print(
                    f"{path:32}", "  ".join(f"{category} {score:.2f}" for category, score in scores.items()), flush=True
                )
                low += [path for category, score in scores.items() if category != "performance" and score < LEAST]
    sys.exit(f"below {LEAST}: {', '.join(low)}" if low else 0)


def _scores(url: str) -> dict[str, float]:
    """Return the scores of a page by category."""
    flags = " ".join([*FLAGS, "--headless", *(["--no-sandbox"] if os.geteuid() == 0 else [])])
    command = ["node", str(_PROGRAM), url, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    environment = os.environ | {"CHROME_PATH": chromium_binary()}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=True)
    return {name: category["score"] for name, category in json.loads(done.stdout)["categories"].items()}


if __name__ == "__main__":
    main()
