"""What every answer tells a browser."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from tests.web.helpers import example_path, rules

STRICT = "default-src 'none'; frame-ancestors 'none'"


def _assert_protected(response: Response) -> None:
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    [policy] = response.headers.getlist("Content-Security-Policy")
    directives = [directive.strip() for directive in policy.split(";")]
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(directives)
    if response.mimetype != "text/html":
        assert policy == STRICT


def test_every_answer_protects_whoever_opens_it(seeded: FlaskClient) -> None:
    paths = [example_path(rule) for rule in rules(seeded.application)]
    for path in [*paths, "/no/such", "/v1/claims?limit=0", "/static/page.css", "/static/no-such"]:
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            with seeded.open(path, method=method) as response:
                _assert_protected(response)


def test_a_page_that_the_browser_has_keeps_its_policy(seeded: FlaskClient) -> None:
    """The headers of a 304 replace those that were kept: another policy would stop the page from loading its styles."""
    for path in ("/", "/docs"):
        page = seeded.get(path, headers={"Accept": "text/html"})
        again = seeded.get(path, headers={"Accept": "text/html", "If-None-Match": page.headers["ETag"]})
        assert again.status_code == 304
        policy = page.headers["Content-Security-Policy"]
        assert policy == again.headers["Content-Security-Policy"] != STRICT
        assert "style-src 'self'" in policy
        assert ("script-src" in policy) == (path == "/docs")
    unchanged = seeded.get("/v1/topics", headers={"If-None-Match": seeded.get("/v1/topics").headers["ETag"]})
    assert unchanged.status_code == 304
    _assert_protected(unchanged)
