"""Run the service with its whole topology on this machine until Ctrl-C; everything is removed afterwards."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import NoReturn

from deploy.local_cluster.database import NODES, DatabaseCluster, running_database
from deploy.local_cluster.programs import Missing, check_programs
from deploy.local_cluster.site import Site, running_site


def main() -> None:
    """Start everything, print where it is, and wait."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local_cluster", description=__doc__)
    parser.add_argument("--port", type=int, help="the HTTPS port of the site; any free one by default")
    parser.add_argument("--nodes", type=int, choices=NODES, default=NODES[0], help="the number of PostgreSQL nodes")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    try:
        check_programs()
    except Missing as error:
        sys.exit(f"error: {error}")
    try:
        with tempfile.TemporaryDirectory(prefix="claims-cluster-") as name:
            folder = Path(name)
            folder.chmod(0o755)  # the way in for the user who runs PostgreSQL
            print("starting etcd, PostgreSQL and HAProxy", flush=True)
            with running_database(folder, options.nodes) as database:
                print("starting Redis, the API nodes and nginx", flush=True)
                with running_site(folder, database.settings, options.port) as site:
                    print(_where(database, site), flush=True)
                    signal.pause()
    except KeyboardInterrupt:
        print("\nstopped")


def _where(database: DatabaseCluster, site: Site) -> str:
    nodes = [
        f"  {node.name}        PostgreSQL at port {node.postgres}, Patroni at {node.patroni}\n"
        for node in database.nodes
    ]
    return (
        f"\n  site         {site.url}/ (certificate: {site.certificate})\n"
        f"  API nodes    {' '.join(site.api)}\n"
        f"  primary      {database.url}\n"
        f"  replica      {database.replica_url}\n"
        f"{''.join(nodes)}\n  Ctrl-C stops and removes all of it.\n"
    )


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
