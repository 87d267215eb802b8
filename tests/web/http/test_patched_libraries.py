"""Parts of libraries that are replaced or are not public (docs/adr/0017): they exist, fit, and are really called."""

from __future__ import annotations

import gc
import inspect
import logging
import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import flask_smorest
import marshmallow as ma
import peewee
import pytest
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from gunicorn import arbiter, config, util
from gunicorn.http import errors, message, parser, unreader, wsgi
from gunicorn.workers import base, gthread
from marshmallow import fields, validate
from webargs.flaskparser import FlaskParser

from service import gunicorn_settings
from service.gunicorn_settings import on_starting, post_fork, post_worker_init, when_ready
from service.schemas.requests import ClaimsQuery
from service.storage.engines import PostgresqlHandle
from service.storage.tables import TABLES
from service.store import Store
from service.web.http.blueprint import Blueprint
from service.web.http.malformed_requests import refusal, response
from service.web.http.openapi import Api
from service.web.http.strict_parsing import StrictParser
from service.web.server.worker import Worker
from tests.web.helpers import assert_problem, openapi_document
from tests.world import World


def _parameters(function: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name not in ("self", "_", "kwargs")]


# gunicorn: a worker class of our own, which is a documented setting, overrides methods of its base.


def test_the_worker_overrides_what_gunicorn_calls() -> None:
    run = inspect.getsource(gthread.ThreadWorker.run)
    for name in ("wait_for_and_dispatch_events", "murder_keepalived", "_cap_keepalive", "is_parent_alive"):
        assert _parameters(getattr(Worker, name)) == _parameters(getattr(gthread.ThreadWorker, name))
        assert f"self.{name}(" in run
    assert _parameters(Worker.handle_error) == _parameters(gthread.ThreadWorker.handle_error)
    assert _parameters(Worker.accept) == _parameters(gthread.ThreadWorker.accept)
    assert "EVENT_READ, self.accept)" in inspect.getsource(gthread.ThreadWorker.set_accept_enabled)
    assert "self.tpool = self.get_thread_pool()" in inspect.getsource(gthread.ThreadWorker.init_process)
    assert "self.tpool.shutdown(wait=False)" in run
    assert "while self.nr_conns > 0" in run
    assert "self.nr_conns < self.worker_connections" in run
    assert "callback(key.fileobj)" in inspect.getsource(gthread.ThreadWorker.wait_for_and_dispatch_events)
    assert "self.method_queue.run_callbacks" in run
    assert _parameters(gthread.ThreadWorker.set_accept_enabled) == ["enabled"]
    assert "while self.alive" in run
    assert "self.sockets" in inspect.getsource(base.Worker)


def test_gunicorn_parses_what_a_connection_gives_it() -> None:
    """Its parser reads with ``recv`` alone, and its responses are written with ``sendall`` alone."""
    assert 'hasattr(source, "recv")' in inspect.getsource(parser.Parser)
    assert "self.mesg" in inspect.getsource(parser.Parser.__next__)
    assert "self.sock.recv(size)" in inspect.getsource(unreader.SocketUnreader)
    assert callable(unreader.Unreader.take_buffered)
    assert "sock.sendall(data)" in inspect.getsource(util.write)
    assert "_expected_100_continue" in inspect.getsource(wsgi.create)
    assert _parameters(message.Message.parse_headers) == ["data", "from_trailer"]


def _raised(kind: type[Exception]) -> Exception:
    """Return an exception of this class, with a text for each thing that it takes."""
    if kind.__init__ is Exception.__init__:
        return kind()
    needed = [each for each in inspect.signature(kind).parameters.values() if each.default is each.empty]
    return kind(*["x" for _ in needed])


KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    # gunicorn does not raise the base class itself, and has no answer to the other one, whose protocol is off here.
    if issubclass(kind, errors.ParseException) and kind not in (errors.ParseException, errors.InvalidProxyHeader)
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_malformed_request_gets_the_status_that_gunicorn_has_for_it(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its own words, so that a kind that a later version adds is noticed."""
    statuses: list[int] = []
    monkeypatch.setattr(util, "write_error", lambda sock, status, reason, message: statuses.append(status))
    worker: Any = SimpleNamespace(log=logging.getLogger("tests.gunicorn"), cfg=config.Config())
    error = _raised(kind)
    nowhere: Any = None
    base.Worker.handle_error(worker, None, nowhere, ("127.0.0.1", 1), error)
    status, detail = refusal(error, config.Config(), 10)
    # To gunicorn a path that is not below SCRIPT_NAME is a fault of the server.
    assert [status] == ([404] if kind is errors.ConfigurationProblem else statuses)
    assert detail.endswith(".")
    assert "{" not in detail


def test_a_refusal_is_written_to_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    ours, theirs = socket.socketpair()
    log: Any = logging.getLogger("tests.gunicorn")
    worker: Any = Worker.__new__(Worker)
    worker.log, worker.cfg = log, config.Config()
    worker.wsgi, worker._seconds = SimpleNamespace(config={"CORS_ALLOWED": ("*",)}), 10
    for error, status in ((errors.InvalidHeaderName("x"), 400), (RuntimeError("s3cret"), 500)):
        worker.handle_error(None, ours, ("127.0.0.1", 1), error)
        received = theirs.recv(65536)
        assert received.startswith(b"HTTP/1.1 %d " % status)
        assert b"s3cret" not in received
        assert b"\r\nAccess-Control-Allow-Origin: *\r\n" in received
    assert "s3cret" in caplog.text
    theirs.close()
    worker.handle_error(None, ours, ("127.0.0.1", 1), errors.InvalidHeaderName("x"))
    ours.close()
    assert response(400, "D.", "r").endswith(b'"detail":"D.","request_id":"r"}')


def test_the_hooks_are_settings_of_gunicorn() -> None:
    known = config.Config().settings
    hooks = {"on_starting", "when_ready", "post_fork", "post_worker_init"}
    assert hooks | {"worker_class", "control_socket_disable"} <= set(known)
    assert _parameters(on_starting) == _parameters(when_ready) == ["server"]
    assert (_parameters(post_fork), _parameters(post_worker_init)) == (["server", "worker"], ["worker"])
    start = inspect.getsource(arbiter.Arbiter.start)
    assert start.index("self.cfg.on_starting(self)") < start.index("sock.create_sockets(")
    assert "GUNICORN_FD" in start
    assert isinstance(config.Config().address, list)


def test_a_worker_collects_no_garbage_while_it_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gunicorn_settings, "RecountWorker", Mock())
    monkeypatch.setattr(gunicorn_settings, "_recount_workers", [])
    init = inspect.getsource(base.Worker.init_process)
    assert init.index("self.load_wsgi()") < init.index("self.cfg.post_worker_init(self)")
    worker = Mock(spec=base.Worker)
    worker.wsgi = SimpleNamespace(extensions={"store": None})
    try:
        post_fork(Mock(spec=arbiter.Arbiter), worker)
        assert not gc.isenabled()
        post_worker_init(worker)
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()


# flask-smorest and apispec.


def test_flask_smorest_documents_views_by_the_method_that_is_put_off() -> None:
    given = ["api", "app", "spec", "name", "parameters"]
    assert _parameters(flask_smorest.Blueprint.register_views_in_doc) == given
    calls = inspect.getsource(flask_smorest.Api.register_blueprint)
    assert "blp.register_views_in_doc(" in calls
    assert "register_views_in_doc" in vars(Blueprint)


def test_flask_smorest_registers_its_components_by_the_methods_that_are_replaced() -> None:
    calls = inspect.getsource(inspect.getmodule(flask_smorest.spec.APISpecMixin) or flask_smorest)
    for name in ("_register_responses", "_register_pagination_header"):
        assert name in vars(Api)
        assert _parameters(getattr(flask_smorest.Api, name)) == []
        assert f"self.{name}()" in calls
    assert flask_smorest.Api.DEFAULT_ERROR_RESPONSE_NAME is not None
    components = openapi_document()["components"]
    assert not {"Error", "PaginationMetadata"} & set(components["schemas"])
    assert "DEFAULT_ERROR" not in components["responses"]


def test_flask_smorest_notes_what_a_view_takes_on_the_view() -> None:
    blueprint = flask_smorest.Blueprint("notes", __name__)

    @blueprint.arguments(ma.Schema, location="query")  # type: ignore[untyped-decorator]
    def view(query: object) -> None:
        """Do nothing."""

    notes = view._apidoc["arguments"]
    assert set(notes["responses"]) == {422}
    assert [each["in"] for each in notes["parameters"]] == ["query"]


def test_errors_are_handled_by_the_service_and_not_by_flask_smorest(still_world: World) -> None:
    assert_problem(still_world.client().get("/nowhere"), 404)


def test_apispec_converts_shapes_by_the_method_that_is_overridden() -> None:
    assert _parameters(OpenAPIConverter.schema2jsonschema) == ["schema"]
    assert MarshmallowPlugin.Converter is OpenAPIConverter
    assert "if" in openapi_document()["components"]["schemas"]["Quantity"]


# webargs and marshmallow.


def test_webargs_calls_the_methods_that_are_overridden() -> None:
    for name in ("load_querystring", "load_json", "handle_error"):
        own, theirs = _parameters(getattr(StrictParser, name)), _parameters(getattr(FlaskParser, name))
        assert own == theirs[: len(own)]
    assert FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION.keys() >= {"query", "json"}


def test_marshmallow_says_in_which_field_and_of_which_data() -> None:
    schema = ClaimsQuery()
    with pytest.raises(ma.ValidationError) as caught:
        schema.load({"limit": "x", "no_such": 1})
    assert caught.value.data == {"limit": "x", "no_such": 1}
    assert caught.value.messages == {"limit": ["Not a valid integer."], "no_such": [schema.error_messages["unknown"]]}
    assert set(schema.load_fields) >= {"limit", "topic"}
    assert _parameters(fields.Field._deserialize) == ["value", "attr", "data"]
    assert _parameters(fields.Field._serialize) == ["value", "attr", "obj"]
    assert _parameters(validate.Regexp._format_error) == ["value"]
    with pytest.raises(ma.ValidationError, match=r"^Must be greater than or equal to 1 and less than or equal to 2\.$"):
        validate.Range(min=1, max=2)(3)


# Peewee.


def _raise_within(wrapper: Any, kind: type[Exception]) -> None:
    with wrapper:
        raise kind


def test_peewee_has_what_the_storage_uses(store: Store) -> None:
    wrapper = peewee.__exception_wrapper__  # type: ignore[attr-defined]
    with pytest.raises(peewee.IntegrityError):
        _raise_within(wrapper, type("IntegrityError", (Exception,), {}))
    for table in TABLES:
        assert table._meta.table_name
        assert all(field.column_name for field in table._meta.fields.values())
    theirs = inspect.getattr_static(peewee.PostgresqlDatabase, "_initialize_connection")
    assert _parameters(PostgresqlHandle._initialize_connection) == _parameters(theirs)
    assert "self._initialize_connection(" in inspect.getsource(peewee)
    assert store.database.row("SELECT 1") == (1,)
