"""Files to run the service on several machines, and the same topology without containers (``deploy.local_cluster``)."""
