"""Hosts of web addresses: their one spelling, the site they belong to, and those on which many publish.

Sites are told apart by the Public Suffix List, in the copy that ``tldextract`` comes with: nothing is downloaded or
stored. Its private part counts, so that ``alpha.blogspot.com`` is a site of its own.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urlsplit

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract

_EDGES = "".join(map(chr, range(33))) + "\x7f\xa0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# `example.org:8080/a` has no scheme, although it has a colon.
_HOST_AND_PORT = re.compile(r"[^/?#:@\s]+\.[^/?#:@\s]+:\d{1,5}(?:[/?#]|$)|localhost:\d{1,5}(?:[/?#]|$)")
_BLOGSPOT = re.compile(r"(?<=\.)blogspot\.(?:com?\.)?[a-z]{2,3}$")
_NO_HOST = re.compile(r"[\s\x00-\x20\x7f-\xa0%<>\"\\^`{|}]")
_WWW = re.compile(r"www\d?\.(?=.+\.)")


class Address(NamedTuple):
    """The parts of a web address. ``host`` is in its one spelling (``one_spelling``); ``port`` only if it matters."""

    host: str
    port: int | None
    path: str
    query: str
    fragment: str


@lru_cache(maxsize=4096)
def split_address(url: str) -> Address | None:
    """Return the parts of ``url``; ``None`` if it is no address of the web. Never raises."""
    text = url.encode("utf-8", "replace").decode().strip(_EDGES)
    bare = _SCHEME.match(text) is None or _HOST_AND_PORT.match(text) is not None
    if bare:
        text = f"http://{text.removeprefix('//')}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = _host_of(parts)
    if host is None or parts.scheme not in ("http", "https") or (bare and not _is_whole(host)):
        return None
    return Address(host, None if port in (80, 443) else port, parts.path, parts.query, parts.fragment)


def _is_whole(host: str) -> bool:
    """Return true for a host that is one without a scheme before it, and not just a word."""
    return "." in host or ":" in host or host == "localhost"


def _host_of(parts: SplitResult) -> str | None:
    host = one_spelling(parts.hostname or "")
    return host if host and _NO_HOST.search(host) is None else None


@lru_cache(maxsize=4096)
def one_spelling(host: str) -> str:
    """Return ``host`` in lower case and ASCII (as ``xn--``), without a trailing dot; IP addresses in their short form.

    By UTS 46, as browsers do. A label that it refuses stays as it is, in lower case.
    """
    host = host.strip("[]").rstrip(".。")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return ".".join(map(_ascii_label, re.split("[.。．｡]", host.lower())))


def _ascii_label(label: str) -> str:
    try:
        return label.encode("idna").decode()
    except UnicodeError:
        return label


def registrable_domain(url_or_host: str) -> str | None:
    """Return the domain that somebody registered, and with it the site: ``bbc.co.uk`` of ``news.bbc.co.uk``.

    Each blog of a hosting service is a site of its own. A host below a suffix that nobody knows takes its last two
    labels (``gazette.example``); IP addresses and hosts of one label are themselves. ``None`` without a host.
    """
    address = split_address(url_or_host)
    return None if address is None else site_of_host(address.host)


@lru_cache(maxsize=4096)
def site_of_host(host: str) -> str:
    """Return the registrable domain of ``host``, a host in its one spelling."""
    host = _WWW.sub("", host, count=1)
    found = _suffixes()(host)
    if found.ipv4 or ":" in host or not found.domain:
        return host
    return found.top_domain_under_public_suffix or ".".join(host.split(".")[-2:])


def page_host(host: str) -> str:
    """Return ``host`` without the labels of another form of the same site: ``www``, ``m``, ``mobile``, ``amp``.

    Only labels before the registrable domain are taken away: ``m.blogspot.com`` is the blog of somebody called m.
    """
    host = _BLOGSPOT.sub("blogspot.com", _WWW.sub("", host, count=1))
    site = site_of_host(host)
    before = host.removesuffix(site).split(".")[:-1]
    return ".".join([label for label in before if label not in _OTHER_FORMS] + [site])


_OTHER_FORMS = frozenset(("www", "www2", "www3", "m", "mobile", "amp", "touch", "wap"))


def is_shared_host(url_or_host: str) -> bool:
    """Return true for a host on which many publish, so that it identifies nobody.

    These are networks, platforms, archives, shorteners, and the front pages of hosting services.
    """
    address = split_address(url_or_host)
    return address is not None and _is_shared(_WWW.sub("", address.host, count=1))


@lru_cache(maxsize=4096)
def _is_shared(host: str) -> bool:
    shared, sites = _lists()
    labels = host.split(".")
    if any(".".join(labels[start:]) in shared for start in range(len(labels))):
        return True
    found = _suffixes()(host)
    return host in sites or (found.is_private and not found.domain)


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract  # imports an HTTP client, which takes longer than all else here

    return TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True, extra_suffixes=sorted(_lists()[1])
    )


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    """Return the hosts that are shared, and those that give each name below them to somebody else."""
    text = resources.files("service.identity").joinpath("shared_hosts.txt").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines()]
    named = [line for line in lines if line and not line.startswith("#")]
    start = named.index("[sites]")
    return frozenset(named[1:start]), frozenset(named[start + 1 :])


def has_public_suffix(host: str) -> bool:
    """Return true if ``host`` ends with a suffix that is given out, or with one that is reserved for examples."""
    return bool(_suffixes()(host).suffix) or host.rpartition(".")[2] in _RESERVED


_RESERVED = frozenset(("example", "invalid", "localhost", "test"))
