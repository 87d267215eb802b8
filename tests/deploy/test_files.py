"""The files of ``deploy/`` are what their programs accept, and the compose file names what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local_cluster.database import FILES, NODES
from deploy.local_cluster.programs import PATH, postgres_binaries, program
from deploy.local_cluster.site import make_certificate, write_nginx
from service.config import NAMES
from tests.cluster import need_cluster
from tests.processes import PROJECT

COMPOSE = FILES / "compose.yaml"
UNITS = FILES / "systemd"
# Of systemd's own judgement, from 0 (nothing is exposed) to 10.
MOST_EXPOSED = 2.0
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)[^}]*\}")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Return the services of the compose file by name."""
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return read


def _run(command: list[str], environment: Mapping[str, str] | None = None, **more: Any) -> tuple[int, str]:
    """Run a program in this environment alone; return its status and its output."""
    environment = {"PATH": PATH, "LC_ALL": "C.UTF-8"} | dict(environment or {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False, **more)
    return done.returncode, done.stdout + done.stderr


def _local(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment of the compose file with addresses instead of names that only its network resolves."""
    return {name: re.sub(r"\b(?:node|api)[12]:", "127.0.0.1:", value) for name, value in environment.items()}


def test_haproxy_accepts_its_file(services: dict[str, Any]) -> None:
    need_cluster()
    environment = _local(services["haproxy"]["environment"])
    third = {"NODE3": "127.0.0.1:5432", "NODE3_CHECK": "8008"}
    told = set(_VARIABLE.findall((FILES / "haproxy.cfg").read_text(encoding="utf-8")))
    assert told == (environment | third).keys()
    for nodes in (environment, environment | third):
        code, output = _run([program("haproxy"), "-c", "-f", str(FILES / "haproxy.cfg")], nodes)
        assert (code, "valid" in output) == (0, True), output


def test_nginx_accepts_its_file(services: dict[str, Any], tmp_path: Path) -> None:
    need_cluster()
    make_certificate(tmp_path)
    environment = _local(services["nginx"]["environment"])
    here = {"TLS_FOLDER": str(tmp_path), "CACHE_FOLDER": str(tmp_path / "cache")}
    configuration = write_nginx(tmp_path, environment | here)
    assert not _VARIABLE.search((tmp_path / "claims.conf").read_text(encoding="utf-8"))
    code, output = _run([program("nginx"), "-t", "-p", str(tmp_path), "-c", str(configuration)])
    assert (code, "syntax is ok" in output) == (0, True), output


def test_patroni_accepts_its_file(services: dict[str, Any], tmp_path: Path) -> None:
    need_cluster()
    environment = services["node1"]["environment"] | {
        "PATRONI_POSTGRESQL_BIN_DIR": str(postgres_binaries()),
        "PATRONI_POSTGRESQL_DATA_DIR": str(tmp_path / "data"),
        "PATRONI_ETCD3_HOSTS": "127.0.0.1:1",
    }
    command = [program("patroni"), "--validate-config", str(FILES / "patroni.yml")]
    _, output = _run(command, environment, cwd=tmp_path)
    # It tries to reach etcd too.
    assert [line for line in output.splitlines() if "127.0.0.1:1 is not reachable" not in line] == []
    assert "not reachable" in output


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze: it comes with systemd")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    service = (UNITS / "claims.service").read_text(encoding="utf-8")
    # It looks for the program too.
    installed = Path(sys.executable).with_name("claims")
    here = service.replace("/opt/claims/venv/bin/claims", str(installed))
    assert str(installed) in here
    (tmp_path / "claims.service").write_text(here, encoding="utf-8")
    shutil.copy(UNITS / "claims.socket", tmp_path)
    units = [str(tmp_path / name) for name in ("claims.service", "claims.socket")]
    assert _run(["systemd-analyze", "verify", *units]) == (0, "")
    _, output = _run(["systemd-analyze", "security", "--offline=true", units[0]])
    exposed = re.search(r"Overall exposure level for claims.service: ([0-9.]+)", output)
    assert exposed is not None
    assert float(exposed[1]) <= MOST_EXPOSED, output


def test_the_compose_file_names_what_there_is(services: dict[str, Any]) -> None:
    assert len([name for name in services if name.startswith("node")]) in NODES
    for name, service in services.items():
        assert ("image" in service) != ("build" in service), name
        assert set(service.get("depends_on", ())) <= services.keys(), name
        if "build" in service:
            context = (FILES / service["build"]["context"]).resolve()
            assert (context / service["build"].get("dockerfile", "Dockerfile")).is_file(), name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert not source.startswith("./") or source == "./tls" or (FILES / source).is_file(), volume
    assert (PROJECT / "Dockerfile").is_file()


def test_the_compose_file_sets_what_the_files_ask_for(services: dict[str, Any]) -> None:
    template = set(_VARIABLE.findall((FILES / "nginx.conf.template").read_text(encoding="utf-8")))
    assert template == services["nginx"]["environment"].keys()
    node = services["node1"]["environment"]
    sql = (FILES / "create_database.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"getenv \w+ (\w+)", sql)) <= node.keys()
    told = set(re.findall(r"PATRONI_[A-Z0-9]+_PASSWORD", (FILES / "patroni.yml").read_text(encoding="utf-8")))
    assert told == {name for name in node if name.endswith("_PASSWORD") and name.startswith("PATRONI_")}


def test_the_compose_file_has_settings_of_the_service(services: dict[str, Any]) -> None:
    haproxy = services["haproxy"]["environment"]
    for name in ("api1", "api2"):
        environment = services[name]["environment"]
        assert environment.keys() <= NAMES
        assert f"@haproxy:{haproxy['PRIMARY_BIND'].rpartition(':')[2]}/claims" in environment["DATABASE_URL"]
        nodes = [haproxy[f"NODE{number}"] for number in (1, 2)]
        assert re.findall("@([^/]+)/", environment["READ_DATABASE_URL"]) == nodes


def test_every_secret_has_to_be_given(services: dict[str, Any]) -> None:
    """No password has a default."""
    text = COMPOSE.read_text(encoding="utf-8")
    secrets = {"POSTGRES_PASSWORD", "REPLICATION_PASSWORD", "CLAIMS_DATABASE_PASSWORD"}
    for secret in secrets:
        assert f"${{{secret}:?" in text
    assert not re.search(r"PASSWORD:? ?:-", text)
