"""API keys, for admins: list, create, rotate and revoke them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response

from service.model.actors import ApiKey, KeyRole
from service.model.timestamps import MICROSECOND, to_us
from service.schemas.keys import KeyBody, RotationBody
from service.use_cases.api_keys import create_key, ended, get_key, revoke_key, rotate_key
from service.web.http.auth import Access, identified
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import Form
from service.web.pages.desk.record_forms import numeric
from service.web.pages.desk.rendering import desk_page, see

_BODY, _ROTATION = KeyBody(), RotationBody()
_LABELS = {"name": "Name", "role": "Role", "expires_at": "Ends on", "grace_hours": "Hours that the old key stays valid"}


def add_keys(desk: Desk) -> None:
    """Add the routes."""
    store = desk.store

    def state(key: ApiKey) -> str | None:
        return ended(key, dt.datetime.now(dt.UTC))

    def show(form: Form) -> Response:
        keys = store.api_keys.all()
        valid = [key for key in keys if state(key) is None]
        over = [(key, state(key)) for key in keys if state(key) is not None]
        rows = [(key, _last_day(key)) for key in valid]
        return desk_page("keys.html", form=form, keys=rows, over=over, roles=list(KeyRole))

    @desk.form("/desk/keys", "createKey", Access.ADMIN, show=show)
    def create(form: Form) -> Response:
        form.names({}, _LABELS)
        given = form.load(_BODY, {name: form.text(name) for name in ("name", "role", "expires_at")})
        key, text = create_key(store, given["name"], given["role"], given["expires_at"], identified().name)
        return desk_page("key_made.html", key=key, text=text)

    def show_key(form: Form, key_id: str) -> Response:
        key = get_key(store.api_keys, key_id)
        now = dt.datetime.now(dt.UTC)
        same = [each for each in store.api_keys.all() if each.id != key_id and ended(each, now) is None]
        context: dict[str, Any] = {
            "key": key,
            "state": state(key),
            "last_day": _last_day(key),
            "sessions": store.sessions.count_of(key.name, to_us(now)),
            "others": [each for each in same if each.name == key.name],
            "is_own": key.id == identified().key_id,
            "is_last_admin": key.role is KeyRole.ADMIN and not any(each.role is KeyRole.ADMIN for each in same),
        }
        if form.is_empty:
            form.fill(grace_hours="168")
        return desk_page("key.html", form=form, **context)

    @desk.form("/desk/keys/<key_id>", "endKey", Access.ADMIN, show=show_key)
    def end(form: Form, key_id: str) -> Response:
        form.names({}, _LABELS)
        if form.text("act") != "rotate":
            revoke_key(store, key_id, identified().name)
            return see("/desk/keys", done="revoked")
        given = form.load(_ROTATION, {"grace_hours": numeric(form.text("grace_hours"))})
        grace = dt.timedelta(hours=given["grace_hours"])
        key, text = rotate_key(store, key_id, grace, identified().name)
        return desk_page("key_made.html", key=key, text=text)


def _last_day(key: ApiKey) -> dt.date | None:
    """Return the last day on which a key is valid; of one that ends at midnight the day before."""
    return None if key.expires_at is None else (key.expires_at - MICROSECOND).date()
