FROM python:3.13-slim

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONUNBUFFERED=1

WORKDIR /app

# The dependencies first and alone: this layer is rebuilt only when a lock changes. Wheels only,
# so the image needs no compiler.
#   docker build --build-arg LOCK=semantic-onnx   has the comparison by meaning too (docs/search.md)
ARG LOCK=runtime
COPY requirements/build.lock requirements/${LOCK}.lock requirements/
RUN pip install --require-hashes --only-binary=:all: \
    -r requirements/build.lock -r requirements/${LOCK}.lock

COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY claim_verification/ claim_verification/
COPY service/ service/
RUN pip install --no-deps --no-build-isolation . && rm -rf claim_verification service

COPY seeds/ seeds/

# The folder is made and handed over before VOLUME: a new volume starts as a copy of it.
RUN useradd --system --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin claims \
    && mkdir /data && chown claims: /data
USER claims
VOLUME /data

ENV DATABASE_URL=sqlite:////data/claims.db \
    SEEDS_DIR=/app/seeds \
    HOST=0.0.0.0 \
    PORT=8000
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]

CMD ["claims", "serve"]
