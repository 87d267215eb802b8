"""Behind a real nginx that keeps the path of the service, cuts it off, or compresses: every address leads back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from urllib.parse import urljoin
from uuid import uuid4

import pytest
import requests
import yaml

from claim_verification import Client
from service.model.actors import KeyRole
from service.storage.database import Database
from service.store import Store
from tests.furnished import VERDICT, furnish
from tests.nginx import nginx_binary, running_nginx
from tests.processes import running_service
from tests.servers import free_port
from tests.settings import make_settings
from tests.web.helpers import example_claim

_TOLD = (
    "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; "
    "proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $http_host; "
    "proxy_set_header X-Forwarded-Prefix {path};"
)
_GZIP = "gzip on; gzip_proxied any; gzip_min_length 1; gzip_types application/json;"
_PLAIN = "proxy_set_header Accept-Encoding '';"


@dataclass(frozen=True)
class Way:
    """A path before the service, what nginx does with it, and how the service knows."""

    path: str
    rest: str
    """The text after the address of the service in ``proxy_pass``: a slash cuts the path off."""
    more: str = _TOLD
    set: bool = False


WAYS = {
    "kept": Way("/claims", ""),
    "cut off": Way("/claims", "/"),
    "two steps cut off": Way("/a/b", "/"),
    "a step of ours kept": Way("/v1", ""),
    "a step of ours cut off": Way("/v1", "/"),
    "no path": Way("", "", _TOLD.replace("{path}", "''")),
    "compressed": Way("/claims", "/", _TOLD + _GZIP),
    "compressed by nginx alone": Way("/claims", "", _TOLD + _GZIP + _PLAIN),
    "kept, by the setting": Way("/claims", "", "", set=True),
    "cut off, by the setting": Way("/claims", "/", "", set=True),
    "headers of a client, and the setting": Way("/claims", "/", _TOLD.replace("$http_host", "evil.example"), set=True),
}


@dataclass(frozen=True)
class Behind:
    """A service as its clients know it."""

    url: str
    keys: dict[KeyRole, str]

    def get(self, given: str, accept: str = "*/*", page: str = "") -> requests.Response:
        """Get what an address that stood on this ``page`` leads to; it must be one below ``url``."""
        address = urljoin(f"{self.url}{page}", given)
        assert f"{address}/".startswith(f"{self.url}/"), address
        response = requests.get(address, headers={"Accept": accept}, timeout=20)
        assert response.status_code == 200, (address, response.text)
        return response


@dataclass(frozen=True)
class Services:
    """Two services over one store, which listen at these ports, and the port for nginx."""

    trusting: int
    set: int
    proxy: int
    keys: dict[KeyRole, str]

    @contextmanager
    def behind(self, way: Way, folder: Path) -> Iterator[Behind]:
        """Put nginx in front of one of them."""
        upstream = f"http://127.0.0.1:{self.set if way.set else self.trusting}{way.rest}"
        headers = way.more.replace("{path}", way.path)
        block = f"location {way.path}/ {{ proxy_pass {upstream}; {headers} }}"
        with running_nginx(folder, block, self.proxy) as url:
            yield Behind(url + way.path, self.keys)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory, seeded_file: Path) -> Iterator[Services]:
    """Run a service that trusts its proxy, and one that is told its address."""
    nginx_binary()
    folder, proxy = tmp_path_factory.mktemp("behind"), free_port()
    copyfile(seeded_file, folder / "claims.db")
    settings = {"DATABASE_URL": f"sqlite:///{folder / 'claims.db'}", "SEED_ON_START": "0"}
    database = Database(make_settings(settings["DATABASE_URL"]))
    keys = furnish(Store(database), example_claim())
    database.close()
    trusting, told = free_port(), free_port()
    with ExitStack() as stack:
        stack.enter_context(running_service(folder, settings | {"TRUSTED_PROXIES": "1"}, port=trusting))
        public = {"PUBLIC_URL": f"http://127.0.0.1:{proxy}/claims", "TRUSTED_PROXIES": "1"}
        stack.enter_context(running_service(folder, settings | public, port=told))
        yield Services(trusting, told, proxy, keys)


@pytest.fixture(params=WAYS)
def behind(request: pytest.FixtureRequest, services: Services, tmp_path: Path) -> Iterator[Behind]:
    """Yield the service behind nginx in each of the ways."""
    with services.behind(WAYS[request.param], tmp_path) as running:
        yield running


def test_every_address_that_is_given_out_leads_back(behind: Behind) -> None:
    index = behind.get(f"{behind.url}/").json()["links"]
    assert len(index) >= 15
    for link in set(index.values()) - {index["export"]}:
        behind.get(link)
    page = behind.get(f"{behind.url}/", accept="text/html").text
    if not behind.url.endswith("/v1"):  # where the pages are below the API's own step, some have two meanings
        for link in re.findall(r'href="([^"#]+)"', page):
            behind.get(link)

    documentation = behind.get(index["docs"]).text
    assets = set(re.findall(r'(?:href|src)="([^"#]+)', documentation))
    assert len(assets) >= 6
    for asset in assets:
        behind.get(asset, page="/docs")
    for path, load in (("openapi", yaml.safe_load), ("openapi.json", None)):
        text = behind.get(index.get(path, f"{behind.url}/{path}")).text
        [server] = (load(text) if load else json.loads(text))["servers"]
        behind.get(urljoin(f"{behind.url}/openapi.yaml", server["url"]).rstrip("/") + "/v1/claims")

    first = behind.get(f"{index['claims']}?limit=2")
    following = first.json()["next"]
    assert first.headers["Link"] == f'<{following}>; rel="next"'
    assert behind.get(following).json()["data"]

    feed = behind.get(f"{index['atom']}?limit=1")
    own = [link for link in re.findall(r'href="([^"]*)"', feed.text) if link.startswith(behind.url.rsplit("/", 1)[0])]
    assert len(own) >= 4
    for link in own:
        behind.get(link)
    review = behind.get(f"{index['verdicts']}/{VERDICT}", accept="application/ld+json").json()
    assert review["url"].startswith("https://") or behind.get(review["url"])
    missing = requests.get(f"{behind.url}/v1/claim", timeout=20).json()["detail"]
    assert f"'{index['claims']}'" in missing


def test_what_is_made_or_merged_is_found_where_the_answer_says(behind: Behind) -> None:
    key = {"Authorization": f"Bearer {behind.keys[KeyRole.EDITOR]}"}
    texts = [f"Ships lay behind pier {pier} as {uuid4()} said." for pier in (1, 2)]
    made = []
    for text in texts:
        body = {"text": text, "subject": "ships", "topics": ["harbour"]}
        once = key | {"Idempotency-Key": str(uuid4())}
        answers = [requests.post(f"{behind.url}/v1/claims", json=body, headers=once, timeout=20) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert len({answer.headers["Location"] for answer in answers}) == 1
        made.append(behind.get(answers[0].headers["Location"]).json()["id"])
    gone, stands = made
    merge = {"into": stands, "reason": "Entered twice."}
    merged = requests.post(f"{behind.url}/v1/claims/{gone}/merge", json=merge, headers=key, timeout=20)
    assert merged.status_code == 200
    moved = requests.get(f"{behind.url}/v1/claims/{gone}?include=links", timeout=20, allow_redirects=False)
    assert moved.status_code == 308
    assert behind.get(moved.headers["Location"]).json()["id"] == stands


def test_the_client_reads_and_changes_through_it(behind: Behind) -> None:
    with Client(behind.url, behind.keys[KeyRole.EDITOR]) as client:
        assert len(list(client.list_claims(limit=100))) >= 268
        source = client.create_source({"name": f"Pier {uuid4()} Courier", "kind": "outlet"})
        for note in ("One", "Two"):
            read = client.get_source(source["id"])
            assert client.change_source(read, {"note": note})["note"] == note


def test_a_weak_tag_is_named_as_the_proxys_doing(services: Services, tmp_path: Path) -> None:
    """The tag that nginx has made weak gets a 304, and a 412 that tells how to mend it."""
    with services.behind(WAYS["compressed by nginx alone"], tmp_path) as behind:
        source = f"{behind.url}/v1/sources/wall-street-journal"
        read = requests.get(source, timeout=20)
        weak = read.headers["ETag"]
        assert (weak[:3], read.headers["Content-Encoding"]) == ('W/"', "gzip")
        assert requests.get(source, headers={"If-None-Match": weak}, timeout=20).status_code == 304
        key = {"Authorization": f"Bearer {behind.keys[KeyRole.EDITOR]}"}
        refused = requests.patch(source, json={"note": "One"}, headers=key | {"If-Match": weak}, timeout=20)
        assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
        assert "weak ETag" in refused.json()["detail"]
        assert "send the tag without it" in refused.json()["detail"]
        done = requests.patch(source, json={"note": "One"}, headers=key | {"If-Match": weak[2:]}, timeout=20)
        assert done.status_code == 200


@pytest.mark.parametrize("codings", ["gzip", "br, gzip", "identity", "zstd;q=0.5, gzip"])
@pytest.mark.parametrize("way", ["kept", "compressed", "compressed by nginx alone"])
def test_a_304_has_the_tag_of_the_200(services: Services, tmp_path: Path, way: str, codings: str) -> None:
    with services.behind(WAYS[way], tmp_path) as behind:
        for path in ("/v1/claims?limit=3", "/v1/sources/wall-street-journal", "/", "/static/page.css", "/robots.txt"):
            asked = {"Accept-Encoding": codings}
            tag = requests.get(behind.url + path, headers=asked, timeout=20).headers["ETag"]
            again = requests.get(behind.url + path, headers=asked | {"If-None-Match": tag}, timeout=20)
            assert again.status_code == 304, path
            assert again.headers["ETag"].removeprefix("W/") == tag.removeprefix("W/"), path
