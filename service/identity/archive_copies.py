"""Addresses that stand for another one: copies in archives and caches, redirects, translations.

An archive copy that does not show in its address what it archives is *opaque*: ``https://archive.ph/AbCdE``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qs, unquote

from service.identity.web_hosts import Address, split_address

_NESTED = 5

# Archives under several names: a copy has the same short name in all of them.
ARCHIVE_TODAY = frozenset(f"archive.{suffix}" for suffix in ("today", "ph", "is", "li", "fo", "vn", "md"))
_WAYBACK = frozenset(
    ("web.archive.org", "wayback.archive.org", "archive.org", "web-beta.archive.org", "timetravel.mementoweb.org")
)
# Archives whose copies have a short name, and the paths of these.
_OPAQUE: Mapping[str, str] = {
    **dict.fromkeys(ARCHIVE_TODAY, r"/(?:wip/|o/)?[A-Za-z0-9]{4,}(?:/.*)?"),
    "perma.cc": r"/(?:[A-Z0-9]{2,4}-[A-Z0-9]{2,4}|[A-Za-z0-9]{10,})",
    "ghostarchive.org": r"/(?:archive|varchive)/[A-Za-z0-9_-]+",
    "webcitation.org": r"/[A-Za-z0-9]{6,}",
    "archive.st": r"/(?:archive/.*|[a-z0-9]{3,})",
    "freezepage.com": r"/.+",
    "mvau.lt": r"/media/.+",
    "outline.com": r"/[A-Za-z0-9]{4,}",
    "peeep.us": r"/[0-9a-f]+",
    "cc.bingj.com": r"/cache\.aspx",
}

# A copy by its time: 20200101123456, 2020, 2020.01.01-123456, 2020-0101-1234-56, or the oldest, the newest, any.
_TIME = r"(?:\d{1,14}\*?|\d{4}\.\d{2}\.\d{2}(?:-\d{6})?|\d{4}-\d{4}-\d{4}-\d{2}|\*|newest|oldest)(?:[a-z]{2}_)?"
_WAYBACK_PATH = re.compile(rf"/(?:(?:web|memento|save|screenshot|wayback)/)?(?:{_TIME}/)?(?P<page>.+)")
_TODAY_PATH = re.compile(rf"/(?:{_TIME}/|submit/|o/\w+/)?(?P<page>(?:https?:/|[\w-]+\.).+)")
_MEGALODON_PATH = re.compile(rf"/(?:ref/)?{_TIME}/(?P<page>.+)")
# The layout of all archives that run OpenWayback or pywb: a time to the second, then the whole address.
_DATED_PATH = re.compile(r"/(?:[^/]+/){0,4}\d{14}(?:[a-z]{2}_)?/(?P<page>https?:/.+)")
_AFTER_HOST = re.compile(r"/(?P<page>https?:/.+)")
_AFTER_CODE = re.compile(r"/(?:warc|archive)/(?:[\w-]+/)?(?P<page>https?:/.+)")
_AMP_CACHE_PATH = re.compile(r"/[a-z]+(?:/s)?/(?P<page>[^/]+\.[^/]+.*)")
_GOOGLE_AMP_PATH = re.compile(r"/amp/(?:s/)?(?P<page>[^/]+\.[^/]+.*)")
_GOOGLE = re.compile(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}")
_ONE_SLASH = re.compile(r"(https?):/{1,2}(?=[^/])", re.IGNORECASE)

# Redirects by a warning page or a counter: the path, and the parameter with the address that they lead to.
_REDIRECTS: Mapping[str, tuple[str, str]] = {
    "l.facebook.com": ("/l.php", "u"),
    "lm.facebook.com": ("/l.php", "u"),
    "l.instagram.com": ("/", "u"),
    "l.threads.net": ("/", "u"),
    "youtube.com": ("/redirect", "q"),
    "t.umblr.com": ("/redirect", "z"),
    "vk.com": ("/away.php", "to"),
    "out.reddit.com": ("/", "url"),
    "linkedin.com": ("/redir/redirect", "url"),
    "slack-redir.net": ("/link", "url"),
    "steamcommunity.com": ("/linkfilter", "url"),
    "duckduckgo.com": ("/l", "uddg"),
    "translate.google.com": ("/translate", "u"),
}
# Pages that a network shows instead of a post, so that archives save them: the host, the path and the parameter.
_INSTEAD = (
    (re.compile(r"(?:[\w-]+\.)?facebook\.com"), re.compile(r"/login(?:\.php|/.*)?"), "next"),
    (re.compile(r"(?:[\w-]+\.)?facebook\.com"), re.compile(r"/plugins/(?:post|video)\.php"), "href"),
    (re.compile(r"instagram\.com"), re.compile(r"/accounts/login/?"), "next"),
    (re.compile(r"(?:mobile\.)?(?:twitter|x)\.com"), re.compile(r"/(?:login|i/flow/login)/?"), "redirect_after_login"),
)
_PROXIES = frozenset(("12ft.io", "1ft.io", "r.jina.ai", "via.hypothes.is", "removepaywalls.com", "txtify.it"))


def is_archive(url: str) -> bool:
    """Return true for the address of a copy that an archive keeps, whether or not it shows what it archives."""
    address = split_address(url)
    return address is not None and (_archived(address) is not None or _is_opaque(address))


def archived(url: str) -> str | None:
    """Return the address of the page that an archive copy archives.

    ``None`` if ``url`` is no archive copy, or one that does not show what it archives. For the copy of a copy it is
    the page that the inner one archives, or the inner one if that does not show it.
    """
    address = split_address(url)
    page = None if address is None else _archived(address)
    return None if page is None else original(page)


def is_opaque_archive(url: str) -> bool:
    """Return true for an archive copy whose address does not show what it archives."""
    address = split_address(original(url))
    return address is not None and _archived(address) is None and _is_opaque(address)


@lru_cache(maxsize=4096)
def original(url: str) -> str:
    """Return the address that ``url`` stands for: of an archive copy, a cache, a redirect or a translation."""
    for _ in range(_NESTED):
        address = split_address(url)
        page = None if address is None else (_archived(address) or _led_to(address))
        if page is None:
            break
        url = page
    return url


def _archived(address: Address) -> str | None:
    host, rest = address.host.removeprefix("www."), _rest(address)
    if host in _WAYBACK:
        in_machine = host != "archive.org" or rest.startswith(("/web/", "/wayback/"))
        return _page(_WAYBACK_PATH, rest) if in_machine else None
    if host in ARCHIVE_TODAY:
        return _page(_TODAY_PATH, rest) or _parameter(address, "url")
    if host == "megalodon.jp":
        return _page(_MEGALODON_PATH, rest)
    if host == "webcache.googleusercontent.com":
        return _cached_by_google(_value(address, "q"))
    if host in ("webcitation.org", "archive.wikiwix.com"):
        return _parameter(address, "url")
    if host in ("perma-archives.org", "ghostarchive.org"):
        return _page(_AFTER_CODE, rest) or _ghost_video(host, address.path)
    if host == "preservetube.com" and (video := _value(address, "v")):
        return f"https://www.youtube.com/watch?v={video}"
    return _page(_DATED_PATH, rest)


def _led_to(address: Address) -> str | None:
    """Return the page behind a cache, a proxy, a translation or a redirect, which are no archives."""
    host, rest = address.host.removeprefix("www."), _rest(address)
    if host.endswith((".cdn.ampproject.org", ".bing-amp.com")) or host == "cdn.ampproject.org":
        return _page(_AMP_CACHE_PATH, rest)
    if _GOOGLE.fullmatch(host):
        if address.path == "/url":
            return _parameter(address, "q") or _parameter(address, "url")
        return _page(_GOOGLE_AMP_PATH, rest)
    if host.endswith(".translate.goog"):
        # `www-example-org` is www.example.org, and a hyphen of the name is doubled.
        name = host.removesuffix(".translate.goog").replace("--", "\0").replace("-", ".").replace("\0", "-")
        query = "&".join(part for part in address.query.split("&") if not part.startswith("_x_tr_"))
        return f"https://{name}{address.path}{'?' if query else ''}{query}"
    if host in _PROXIES:
        return _page(_AFTER_HOST, rest)
    if host.endswith(".safelinks.protection.outlook.com"):
        return _parameter(address, "url")
    for hosts, paths, name in _INSTEAD:
        if hosts.fullmatch(host) and paths.fullmatch(address.path):
            page = _value(address, name)
            return f"https://{host}{page}" if re.match("/[^/]", page) else _parameter(address, name)
    path, name = _REDIRECTS.get(host, ("", ""))
    return _parameter(address, name) if path and (address.path.rstrip("/") or "/") == path else None


def _is_opaque(address: Address) -> bool:
    pattern = _OPAQUE.get(address.host.removeprefix("www."))
    return pattern is not None and re.fullmatch(pattern, address.path.rstrip("/")) is not None


def _rest(address: Address) -> str:
    """Return everything after the host, which is the archived address in many layouts."""
    query = f"?{address.query}" if address.query else ""
    # `#!/` and `#/` name pages of the archived site; other fragments are places in the copy.
    fragment = f"#{address.fragment}" if address.fragment.startswith(("!", "/")) else ""
    return f"{address.path}{query}{fragment}"


def _page(pattern: re.Pattern[str], rest: str) -> str | None:
    match = pattern.fullmatch(rest)
    return None if match is None else _whole(match["page"])


def _whole(text: str) -> str | None:
    """Return an embedded address with its scheme; ``None`` if it is none. Some archives escape it or drop a slash."""
    if re.match(r"https?%3a", text, re.IGNORECASE):
        text = unquote(text)
    text = _ONE_SLASH.sub(r"\1://", text, count=1)
    text = text if re.match(r"https?://", text, re.IGNORECASE) else f"http://{text.lstrip('/')}"
    address = split_address(text)
    return text if address is not None and "." in address.host else None


def _value(address: Address, name: str) -> str:
    return parse_qs(address.query).get(name, [""])[0]


def _parameter(address: Address, name: str) -> str | None:
    value = _value(address, name)
    return _whole(value) if value else None


def _cached_by_google(query: str) -> str | None:
    """Return the address in ``cache:AbCdEfGhIjKl:example.org/a+words``."""
    match = re.match(r"cache:(?:[\w-]{12}:)?(?P<page>\S+)", query)
    return None if match is None else _whole(match["page"])


def _ghost_video(host: str, path: str) -> str | None:
    match = re.fullmatch(r"/varchive/(?:youtube/\d+/)?(?P<video>[\w-]{11})", path)
    return f"https://www.youtube.com/watch?v={match['video']}" if match and host == "ghostarchive.org" else None
