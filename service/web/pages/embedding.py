"""Claims in pages of others: a small page for a frame, and oEmbed (https://oembed.com), by which editors find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson
from flask import Response
from marshmallow import fields, validate

from service.model.errors import Merged, NotFound
from service.provenance.badge import origins_in_words
from service.provenance.table import sentence
from service.schemas.fields import URL_LENGTH, Shape, integer
from service.schemas.requests import CorroborationQuery
from service.store import Store
from service.use_cases.claims import get_corroboration
from service.web.http.negotiation import JSON, send
from service.web.http.problems import problem
from service.web.http.public_address import base
from service.web.pages import words

OEMBED = "/oembed"
WIDTH, HEIGHT = 600, 240
_XML = "text/xml"
_PAGES = "/claims/"
_PARAMETERS = tuple(CorroborationQuery().fields)


class OembedQuery(Shape):
    """The parameters of oEmbed."""

    url = fields.String(required=True, validate=validate.Length(min=1, max=URL_LENGTH))
    format = fields.String(load_default="json")
    maxwidth = integer("The largest width in px.", WIDTH, validate=validate.Range(min=1), load_default=WIDTH)
    maxheight = integer("The largest height in px.", HEIGHT, validate=validate.Range(min=1), load_default=HEIGHT)


@dataclass(frozen=True, slots=True)
class EmbedView:
    """A claim as its small page shows it."""

    id: str
    text: str
    status: str
    origins: str
    sentence: str


def embed_view(store: Store, claim_id: str, arguments: Mapping[str, Any]) -> EmbedView:
    """Return the small page of a claim, counted as ``arguments`` say; raise what counting it raises."""
    times = arguments.get("as_of"), arguments.get("known_at")
    explained = get_corroboration(store, claim_id, arguments["policy"], *times)
    result = explained.result
    said = words.dated(sentence(result))
    return EmbedView(claim_id, explained.claim.text, str(result.status), origins_in_words(result), said)


def oembed_links(claim_id: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return by media type the addresses at which oEmbed describes the page of a claim, for its discovery."""
    page = _address(f"{_PAGES}{claim_id}", parameters)
    return {
        f"{media_type}+oembed": f"{base()}{OEMBED}?{urlencode({'url': page, 'format': name})}"
        for name, media_type in (("json", JSON), ("xml", _XML))
    }


def frame(claim_id: str, parameters: Mapping[str, str], width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the HTML that puts the small page of a claim into another page."""
    source = escape(_address(f"/embed{_PAGES}{claim_id}", parameters))
    return (
        f'<iframe src="{source}" width="{width}" height="{height}" title="Claim verification" loading="lazy" '
        'style="border:0;max-width:100%"></iframe>'
    )


def oembed(store: Store, arguments: Mapping[str, Any]) -> Response:
    """Return the description of the page at an address, as JSON or XML; 404 for another page, 501 for another form."""
    if arguments["format"] not in ("json", "xml"):
        return problem(501, "There is no such format: use `format=json` or `format=xml`.")
    claim_id, given = _claim_at(arguments["url"])
    counted = CorroborationQuery()
    parameters = {name: value for name, value in given.items() if name in _PARAMETERS}
    if claim_id is None or counted.validate(parameters):
        return _not_found(arguments["url"])
    try:
        view = _view(store, claim_id, counted.load(parameters))
    except NotFound:
        return _not_found(arguments["url"])
    width, height = min(arguments["maxwidth"], WIDTH), min(arguments["maxheight"], HEIGHT)
    shape = {
        "version": "1.0",
        "type": "rich",
        "title": view.text,
        "provider_name": "Claim verification",
        "provider_url": f"{base()}/",
        "cache_age": 3600,
        "html": frame(view.id, parameters, width, height),
        "width": width,
        "height": height,
    }
    if arguments["format"] == "json":
        return send(orjson.dumps(shape))
    members = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in shape.items())
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    return send(f"{head}<oembed>{members}</oembed>\n".encode(), f"{_XML}; charset=utf-8")


def _view(store: Store, claim_id: str, arguments: Mapping[str, Any]) -> EmbedView:
    """Return a claim, or the one that it was merged into: whoever embeds it does not follow redirects."""
    try:
        return embed_view(store, claim_id, arguments)
    except Merged as merged:
        return _view(store, merged.into, arguments)


def _claim_at(url: str) -> tuple[str | None, dict[str, str]]:
    """Return the id of the claim whose page is at an address of this service, and the parameters of the page."""
    start = f"{base()}{_PAGES}"
    if not url.startswith(start):
        return None, {}
    rest = urlsplit(url.removeprefix(start))
    return (rest.path or None), dict(parse_qsl(rest.query))


def _not_found(url: str) -> Response:
    detail = f"There is no claim at {url!r}: use the address of the page of one, such as {base()}{_PAGES}CLAIM."
    return problem(404, detail)


def _address(path: str, parameters: Mapping[str, str]) -> str:
    return f"{base()}{path}" + (f"?{urlencode(parameters)}" if parameters else "")
