# A PostgreSQL node under Patroni, from Debian's packages; with `etcd` as its command, etcd.
FROM debian:bookworm-slim

# No cluster of Debian's own: Patroni makes it.
RUN mkdir -p /etc/postgresql-common \
    && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
    && apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends postgresql-15 patroni etcd-server \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /etc/claims
COPY patroni.yml create_database.sql ./

ENV LC_ALL=C.UTF-8 \
    PATRONI_POSTGRESQL_BIN_DIR=/usr/lib/postgresql/15/bin
# The folder of the volume: a new volume starts as a copy of it.
RUN install -d -o postgres -g postgres -m 0750 /var/lib/postgresql
USER postgres
VOLUME /var/lib/postgresql
STOPSIGNAL SIGTERM

CMD ["patroni", "/etc/claims/patroni.yml"]
