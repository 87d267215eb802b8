"""Parties: when two sources of one name are one party, and whom an address identifies."""

from __future__ import annotations

import re

from service.identity.names import folded_name
from service.identity.web_hosts import (
    has_public_suffix,
    is_shared_host,
    one_spelling,
    page_host,
    registrable_domain,
    split_address,
)
from service.model.entities import Source

_FRONT_PAGE = re.compile(r"/?(?:(?:index|default)\.\w{3,5})?", re.IGNORECASE)
# Labels with a dot between them; a web address of nothing but a host, too.
_HOST_NAME = re.compile(r"(?:https?://)?((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_](?:[\w-]*[^\W_])?)\.?/?", re.IGNORECASE)


def may_share_a_name(one: Source, other: Source) -> bool:
    """Return whether two sources can have one name and be two parties.

    They can if one is said to be distinct from the other, or if both are identifiable and of different countries.
    """
    if other.id in one.distinct_from or one.id in other.distinct_from:
        return True
    identifiable = one.kind.identifiable and other.kind.identifiable
    return identifiable and None not in (one.country, other.country) and one.country != other.country


def home_of(url: str | None) -> str | None:
    """Return the host of which ``url`` is the front page, and which identifies a party by itself.

    ``None`` for an address with a path or a query (an article, a page about an author), which identifies a party only
    together with its name; and for a platform, an archive, a shortener and any other shared host, which identify
    nobody.
    """
    address = split_address(url) if url else None
    if address is None or address.query or address.fragment.startswith(("/", "!")):
        return None
    if not _FRONT_PAGE.fullmatch(address.path) or is_shared_host(address.host):
        return None
    return page_host(address.host)


def house_of(name: str, url: str | None) -> str | None:
    """Return the site of the house whose name is that of a site: ``afp.com`` for AFP Factuel at ``factuel.afp.com``.

    Sources of one house are one party. ``None`` without a front page, and for a name that has not the word before the
    suffix (``afp``) in it.
    """
    home = home_of(url)
    site = home and registrable_domain(home)
    return site if site and site.partition(".")[0] in re.split(r"\W+", folded_name(name)) else None


def is_host_name(name: str) -> bool:
    """Return whether a name is that of a host, such as ``x.com``: somebody published there, and nobody is named."""
    found = _HOST_NAME.fullmatch(name.strip())
    if found is None:
        return False
    host = one_spelling(found[1])
    return host.startswith("www.") or has_public_suffix(host)


def is_named_after(name: str, home: str) -> bool:
    """Return whether a name is the host or the site itself: all that is known of a party is its site."""
    return is_host_name(name) and folded_name(name) in (home, registrable_domain(home))
