"""The service as it really runs: gunicorn over a database in a temporary folder."""

from __future__ import annotations

import random
import re
import shutil
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from service.config import PROJECT
from service.model.recounts import RecountKind
from service.storage.database import Database
from service.store import Store
from service.use_cases.unit_of_work import transaction
from tests.long_forms import by_form
from tests.processes import Service, running_service
from tests.servers import fresh_database
from tests.settings import make_settings
from tests.web.helpers import READY, Json, openapi_document, raw_claims, raw_sources
from tests.web.pages.reading import parsed, text_of

TOKEN = "a-token-of-24-characters"
CLIENTS, REQUESTS = 8, by_form(20, 50)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return settings of a database that does not exist yet."""
    return {"DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'claims.db'}"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a running service with the seeds, for reading only."""
    folder = tmp_path_factory.mktemp("service")
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'claims.db'}", "WEB_CONCURRENCY": "2", "METRICS_TOKEN": TOKEN}
    with running_service(folder, environment) as service:
        yield service


def _get(service: Service, path: str) -> requests.Response:
    return requests.get(service.url + path, timeout=20)


def _claims(service: Service) -> list[Json]:
    claims: list[Json] = []
    path: str | None = "/v1/claims?limit=200"
    while path is not None:
        page = _get(service, path).json()
        claims += page["data"]
        path = page["next"]
    return claims


def _refused(folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Return the exit status and the words of a service that does not start; it must never answer."""
    with running_service(folder, environment, wait=False) as service:
        status = service.process.wait(30)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{service.url}/healthz", timeout=5)
        return status, service.log()


def test_it_starts_seeds_and_says_where_to_look(shared: Service) -> None:
    log = shared.log()
    assert f"seeded: {len(raw_sources())} sources, 6 documents, {len(raw_claims())} claims" in log
    for path in ("/v1/claims", "/docs", "/openapi.yaml"):
        assert re.search(rf"^.*{re.escape(shared.url + path)}$", log, re.MULTILINE)
        assert _get(shared, path).status_code == 200
    [curl] = re.findall(rf"curl '({re.escape(shared.url)}[^']*)'", log)
    found = requests.get(curl, timeout=20).json()["data"]
    assert found
    assert {claim["corroboration"]["status"] for claim in found} == {"contested"}
    assert "Traceback" not in log


def test_the_metrics_are_those_of_all_workers(shared: Service) -> None:
    labels = {"method": "GET", "route": "/v1/topics", "status": "200"}

    def counted() -> float:
        answer = requests.get(f"{shared.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20)
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.text)
        samples = [sample for family in families for sample in family.samples]
        return sum(
            s.value for s in samples if s.name == "claims_http_request_duration_seconds_count" and s.labels == labels
        )

    before = counted()
    for _ in range(20):  # each on a connection of its own, to either worker
        assert _get(shared, "/v1/topics").status_code == 200
    assert [counted() - before for _ in range(4)] == [20.0] * 4


def test_one_of_its_workers_does_recounts(shared: Service) -> None:
    url = f"sqlite:///{shared.log_file.with_name('claims.db')}"
    with closing(Database(make_settings(url))) as database:
        store = Store(database)
        with transaction(store):
            store.recounts.add(RecountKind.ALL, "", "Ed", 0)
        claims = store.recounts.claims_left()
        assert claims == len(raw_claims())
        deadline = time.monotonic() + 60
        while (answer := _get(shared, "/readyz").json()) != READY:
            assert 0 <= answer["recounting"] <= claims
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert store.recounts.pending() == []


def test_it_keeps_everything_over_a_restart_and_does_not_seed_again(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with running_service(tmp_path, environment) as service:
        before = _claims(service)
        assert service.stop() == 0
    with running_service(tmp_path, environment) as service:
        after = _claims(service)
        log = service.log()
    assert len(before) == len(raw_claims())
    assert after == before
    assert "seed" not in log
    assert "migrated" not in log


def test_it_starts_empty_when_told_not_to_seed(tmp_path: Path, environment: dict[str, str]) -> None:
    with running_service(tmp_path, environment | {"SEED_ON_START": "false"}) as service:
        assert _claims(service) == []
        assert _get(service, "/").json()["claims"] == {}
        assert _get(service, "/v1/sources").json() == {"data": [], "next": None}
        assert _get(service, "/readyz").status_code == 200


@pytest.mark.postgres
def test_it_runs_on_postgresql_too(tmp_path: Path, postgres_server: str) -> None:
    with fresh_database(postgres_server) as url:
        with running_service(tmp_path, {"DATABASE_URL": url}) as service:
            before = _claims(service)
            assert len(before) == len(raw_claims())
            assert service.stop() == 0
            password = url.split(":")[2].split("@")[0]
            assert password not in service.log()
        with running_service(tmp_path, {"DATABASE_URL": url}) as service:
            assert _claims(service) == before


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    with running_service(tmp_path, environment | {"SEED_ON_START": "false"}):
        pass
    database = Database(make_settings(environment["DATABASE_URL"]))
    [table] = database.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%migration%'")
    columns = [row[1] for row in database.rows(f"PRAGMA table_info({table[0]})")]
    values = ["'9999_from_the_future'" if column == "name" else column for column in columns if column != "id"]
    names = ", ".join(column for column in columns if column != "id")
    database.run(f"INSERT INTO {table[0]} ({names}) SELECT {', '.join(values)} FROM {table[0]} LIMIT 1")  # noqa: S608
    database.close()
    status, log = _refused(tmp_path, environment)
    assert status != 0
    assert "error: the database is newer than this version" in log
    assert "9999_from_the_future" in log
    assert "Traceback" not in log


def test_broken_seeds_are_refused_with_file_and_line_and_nothing_is_served(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(PROJECT / "seeds", seeds)
    broken = seeds / "claims" / "alabuga.yaml"
    lines = broken.read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines) if "stance: supports" in line)
    lines[number] = lines[number].replace("supports", "shrugs")
    broken.write_text("\n".join(lines), encoding="utf-8")
    status, log = _refused(tmp_path, environment | {"SEEDS_DIR": str(seeds)})
    assert status != 0
    assert re.search(rf"claims/alabuga\.yaml:{number + 1}: .*stance", log)
    assert "Traceback" not in log
    # And nothing of them was kept: mended seeds are loaded whole.
    with running_service(tmp_path, environment) as service:
        assert len(_claims(service)) == len(raw_claims())


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "x"), ("DATABASE_URL", "mysql://u:s3cret@h/d"), ("LOG_LEVEL", "x")]
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, environment: dict[str, str], name: str, value: str) -> None:
    with running_service(tmp_path, environment | {name: value}, wait=False) as service:
        assert service.process.wait(30) != 0
        log = service.log()
    assert name in log
    assert "s3cret" not in log
    assert "Traceback" not in log


def test_a_port_that_is_taken_is_named_last(tmp_path: Path, environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running_service(tmp_path, environment, wait=False, port=port) as service:
            assert service.process.wait(60) == 1
    last = service.log().splitlines()[-1]
    assert last.startswith(f"error: cannot listen at 127.0.0.1, port {port}")
    assert "PORT" in last


def test_it_stops_cleanly_and_lets_the_port_go(tmp_path: Path, environment: dict[str, str]) -> None:
    with running_service(tmp_path, environment | {"SEED_ON_START": "0", "WEB_CONCURRENCY": "2"}) as service:
        session = requests.Session()
        assert session.get(f"{service.url}/healthz", timeout=5).status_code == 200
        assert service.stop() == 0
        session.close()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", int(service.url.rsplit(":", 1)[1])))
        assert "Traceback" not in service.log()
    assert not list((tmp_path / "data").glob("*-journal"))


def test_many_clients_at_once_get_right_answers(shared: Service) -> None:
    names = list(raw_claims())
    paths = ["/v1/claims?limit=20", "/v1/claims?sort=origins", "/v1/conflicts", "/v1/corroboration?format=csv"]
    paths += ["/v1/sources?limit=9", "/v1/topics", "/", "/readyz", "/v1/claims/no-such", "/v1/claims?limit=0"]

    def visit(seed: int) -> list[tuple[str, int, str]]:
        choose = random.Random(seed)
        seen = []
        with requests.Session() as session:
            for _ in range(REQUESTS):
                name = choose.choice(names)
                more = [f"/v1/claims/{name}", f"/v1/claims/{name}?include=mentions,sources"]
                path = choose.choice(paths + more + [f"/v1/claims/{name}/corroboration"])
                response = session.get(shared.url + path, timeout=30)
                shown = response.text if "no-such" not in path and "limit=0" not in path else ""
                seen.append((path, response.status_code, shown))
        return seen

    with ThreadPoolExecutor(CLIENTS) as pool:
        seen = [one for many in pool.map(visit, range(CLIENTS)) for one in many]
    assert len(seen) == CLIENTS * REQUESTS
    answers: dict[str, set[str]] = {}
    for path, status, text in seen:
        assert status == {"/v1/claims/no-such": 404, "/v1/claims?limit=0": 422}.get(path, 200), path
        answers.setdefault(path, set()).add(text)
    assert {path: len(texts) for path, texts in answers.items() if len(texts) > 1} == {}
    assert "Traceback" not in shared.log()


@pytest.mark.parametrize("path", ["/docs", "/docs/console"])
def test_the_documentation_comes_whole_from_this_server(shared: Service, path: str) -> None:
    page = _get(shared, path)
    loaded = re.findall(r"""<(?:script|link|img)[^>]* (?:src|href)=["']([^"']*)["']""", page.text)
    assert len(loaded) >= 4
    for reference in loaded:
        assert reference.startswith("/")
        assert not reference.startswith("//")
        answer = _get(shared, reference)
        assert answer.status_code == 200
        assert answer.content
        expected = {"css": "text/css", "js": "text/javascript", "ico": "image/svg+xml"}
        expected |= {"yaml": "application/yaml", "json": "application/json"}
        assert answer.headers["Content-Type"].split(";")[0] == expected[reference.rsplit(".", 1)[1]]
        if reference.startswith("/static/") and "swagger-ui" not in reference:
            assert not re.search(r"https?://", answer.text)
    kind = "json" if "console" in path else "yaml"
    assert f'<link rel="service-desc" type="application/{kind}" href="/openapi.{kind}">' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_documentation_has_every_operation_with_its_parameters_and_responses(shared: Service) -> None:
    page = parsed(_get(shared, "/docs").text)
    for path, item in openapi_document()["paths"].items():
        for method in item.keys() - {"parameters"}:
            operation = item[method]
            [shown] = page.xpath(f"//details[@id='{operation['operationId']}']")
            assert text_of(shown[0]).startswith(f"{method.upper()} {path} "), operation["operationId"]
            named = [text_of(cell) for cell in shown.xpath(".//th[@scope='row']")]
            given = [parameter["name"] for parameter in (*item.get("parameters", ()), *operation["parameters"])]
            assert named == given + list(operation["responses"])
            assert ("Needs a key." in text_of(shown)) == ({} not in operation["security"])


def test_bytes_that_are_no_text_are_refused_by_the_server_or_the_application(shared: Service) -> None:
    address = ("127.0.0.1", int(shared.url.rsplit(":", 1)[1]))
    for target in (b"/v1/claims?topic=\xff", b"/v1/claims/\xff", b"/v1/claims?\xff\xfe=1", b"/\xc3\x28"):
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            status = int(connection.recv(4096).split(b" ")[1])
        assert 400 <= status < 500, target
