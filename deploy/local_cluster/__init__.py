"""The topology of ``deploy/compose.yaml`` on this machine, without containers: ``python -m deploy.local_cluster``.

``running_database`` starts etcd, the PostgreSQL nodes under Patroni, and HAProxy; ``running_site`` Redis, two API nodes
and nginx in front of them. Both take the files of ``deploy/``, and stop whatever they started.
"""

from deploy.local_cluster.database import DatabaseCluster, Node, running_database
from deploy.local_cluster.programs import Missing, check_programs
from deploy.local_cluster.site import Site, running_site

__all__ = ["DatabaseCluster", "Missing", "Node", "Site", "check_programs", "running_database", "running_site"]
