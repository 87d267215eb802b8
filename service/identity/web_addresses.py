"""The identity of pages by their web address. Pure: nothing is fetched, and nothing is read but the address.

``page_key`` gives two addresses of one page the same key. Percent-encoding, the order of the query and ``/x/../`` are
settled by ``w3lib``; hosts by ``web_hosts``, copies in archives by ``archive_copies``; the other forms of a page by the
rules below. The rules prefer to keep two pages apart: a parameter that is not known to be for counting selects content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from unicodedata import normalize
from urllib.parse import quote, unquote

from w3lib.url import canonicalize_url

from service.identity.archive_copies import (
    ARCHIVE_TODAY,
    archived,
    is_archive,
    is_opaque_archive,
    original,
)
from service.identity.web_hosts import is_shared_host, page_host, registrable_domain, split_address

__all__ = [
    "archived",
    "document_key",
    "is_archive",
    "is_opaque_archive",
    "is_same_part",
    "is_shared_host",
    "page_key",
    "registrable_domain",
]

_LONGEST = 1000
_IN_FRAGMENTS = "!/?=&;:@,+"

# Parameters that networks, newsletters and shops append to count visits: the page is the same without them.
_TRACKING = re.compile(
    r"utm_.*|mtm_.*|pk_(?:campaign|kwd|source|medium|content|[cv]id)|piwik_.*|matomo_.*|hsa_.*|at_(?:medium|campaign|custom\w*|link\w*|format|ptr\w*|bbc\w*)"
    r"|(?:fb|g|d|y|tw|tt|ys)clid|msclkid|wbraid|gbraid|gclsrc|gad_\w+|srsltid|_g[al]|_ga_\w+|epik"
    r"|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|__hs\w+|hsctatracking|vero_\w+|oly_\w+_id|_branch_\w+|wt\.?_?(?:mc\w*|zmc)|xtor"
    r"|igshid|igsh|mibextid|rdid|sfnsn|__(?:tn|xts|cft)__.*|fb_(?:action|source|ref)\w*|__twitter_impression"
    r"|ref_(?:src|url)|twterm|twgr|twcamp|guccounter|guce_\w+|soc_(?:src|trk)|cmpid|icid|ncid|ocid|s_cid|smid|smtyp"
    r"|echobox|ito|wpisrc|wpmm|usqp|amp|amp_\w+|outputtype=amp|output=amp|mode=amp"
    r"|(?:ref|source|src|from|via)=(?:twitter|tw|facebook|fb|rss|feed|share|whatsapp|telegram|newsletter|email|ios|android)"
    r"|phpsessid|jsessionid|aspsessionid\w*",
    re.IGNORECASE,
)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_BEYOND_ASCII = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
_SLASHES = re.compile(r"/{2,}")
_INDEX = re.compile(r"(?<=/)(?:index\.(?:html?|php|aspx?)|default\.(?:html?|aspx?))$", re.IGNORECASE)
# /amp/story, /news/amp/story, /story/amp, /story.amp, /story.amp.html
_AMP = re.compile(r"^(/[a-z-]+)?/amp(?=/[^/])|(?<=[^/])/amp/?$|\.amp(?=\.html?$|/?$)", re.IGNORECASE)
# Blogger's form for telephones: the posts of its blogs are /2024/05/title.html, under any domain.
_BLOGGER_POST = re.compile(r"/\d{4}/\d{2}/[^/]+\.html")

# Hosts that serve the same pages.
_SAME_HOSTS = {
    **dict.fromkeys(("x.com", "nitter.net", "fxtwitter.com", "vxtwitter.com", "fixupx.com"), "twitter.com"),
    **dict.fromkeys(("telegram.me", "telegram.dog"), "t.me"),
    **dict.fromkeys(("vk.ru", "vkontakte.ru"), "vk.com"),
    **dict.fromkeys(ARCHIVE_TODAY, "archive.today"),
    "fb.com": "facebook.com",
    "bbc.co.uk": "bbc.com",
    "instagr.am": "instagram.com",
    "player.vimeo.com": "vimeo.com",
    "threads.com": "threads.net",
    "youtube-nocookie.com": "youtube.com",
    "music.youtube.com": "youtube.com",
}
_FORMS_OF_PLATFORMS = (
    (re.compile(r"(?:mbasic|web|iphone|free|[a-z]{2}-[a-z]{2})\.facebook\.com"), "facebook.com"),
    (re.compile(r"(?:old|new|np|sh|i)\.reddit\.com"), "reddit.com"),
    (re.compile(r"[a-z]{2}\.linkedin\.com"), "linkedin.com"),
)

# The addresses of one post on a platform: patterns of path and query, and their one form.
_POSTS: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    host: tuple((re.compile(pattern), form) for pattern, form in rules)
    for host, rules in {
        "twitter.com": ((r"/(?:[^/]+|i/web)/status(?:es)?/(\d+).*", r"/i/status/\1"),),
        "youtube.com": ((r"/(?:watch/?\?(?:.*&)?v=|shorts/|embed/|live/|v/)([\w-]{11})(?![\w-]).*", r"/watch?v=\1"),),
        "youtu.be": ((r"/([\w-]{11})(?![\w-]).*", r"/watch?v=\1"),),
        "facebook.com": (
            (r"/(?:watch/?|video\.php)\?(?:.*&)?v=(\d+).*", r"/watch?v=\1"),
            (r"/(?:[^/]+/videos/(?:[^/]+/)?|reel/)(\d+).*", r"/watch?v=\1"),
            (r"/(?:story|permalink)\.php\?id=(\w+)&story_fbid=(\w+)", r"/\1/posts/\2"),
            (r"/groups/([^/]+)/permalink/(\d+)", r"/groups/\1/posts/\2"),
            (r"/photo(?:\.php)?/?\?(?:.*&)?fbid=(\d+).*", r"/photo?fbid=\1"),
        ),
        "vimeo.com": ((r"/video/(\d+).*", r"/\1"),),
        "archive.today": ((r"/(?:wip/)?([A-Za-z0-9]{4,})/.*", r"/\1"), (r"/wip/([A-Za-z0-9]{4,})", r"/\1")),
        "instagram.com": ((r"/(?:[^/]+/)?(?:p|reel|reels|tv)/([\w-]+).*", r"/p/\1"),),
        "tiktok.com": ((r"/(?:@[^/]*/video|@[^/]*/photo|v)/(\d+).*", r"/video/\1"),),
        "t.me": ((r"/s/([^/]+/\d+)", r"/\1"),),
        "threads.net": ((r"/(?:@[^/]+/post|t)/([\w-]+).*", r"/post/\1"),),
        "reddit.com": ((r"/(?:r/[^/]+/)?comments/(\w+)(?:/[^/?]*)?((?:/\w+)?)/?(?:\?.*)?", r"/comments/\1\2"),),
        "vk.com": ((r"/.*[?&](?:w|z)=((?:wall|photo|video)-?\d+_\d+).*", r"/\1"),),
    }.items()
}
# Parameters that select content on a platform; all others there are for counting.
_SELECTING: Mapping[str, frozenset[str]] = {
    "twitter.com": frozenset(("q",)),
    "youtube.com": frozenset(("v", "list", "search_query")),
    "youtu.be": frozenset(),
    "facebook.com": frozenset(("story_fbid", "id", "fbid", "v", "set", "comment_id", "multi_permalinks", "q")),
    "instagram.com": frozenset(),
    "tiktok.com": frozenset(("q",)),
    "t.me": frozenset(("comment",)),
    "perma.cc": frozenset(),
    "threads.net": frozenset(("q",)),
}


@lru_cache(maxsize=4096)
def page_key(url: str) -> str | None:
    """Return the key of the page at ``url``, the same for all of its addresses; ``None`` if it is no web address.

    A copy in an archive has the key of what it archives, if its address shows that. It has at most 1,064
    characters. Never raises.
    """
    address = split_address(original(url))
    if address is None:
        return None
    host = _platform(page_host(address.host))
    fragment = address.fragment
    if host == "twitter.com" and fragment.startswith("!/"):
        fragment, address = "", address._replace(path=fragment.removeprefix("!"))
    path, query = _canonical(_SESSION.sub("", address.path), address.query)
    selecting = _selecting(host, path)
    query = "&".join(part for part in query.split("&") if part and selecting(part))
    rest = _tidy(path) + (f"?{query}" if query else "")
    for pattern, form in _POSTS.get(host, ()):
        if match := pattern.fullmatch(rest):
            rest = match.expand(form)
            break
    host = "youtube.com" if host == "youtu.be" else host
    fragment = _tidy(quote(unquote(fragment), safe=_IN_FRAGMENTS))
    if fragment.startswith(("!/", "/")):
        rest += f"#{fragment}"
    port = "" if address.port is None else f":{address.port}"
    return _short(f"{f'[{host}]' if ':' in host else host}{port}{rest}")


def document_key(url: str | None) -> str | None:
    """Return the key of the document at ``url``: that of its page. ``None`` without an address.

    An address that no browser could open (``https://[1``) is a page of its own.
    """
    if not url:
        return None
    return page_key(url) or f"#{sha256(url.encode('utf-8', 'replace')).hexdigest()}"


def is_same_part(one: str, other: str) -> bool:
    """Return whether two addresses of a page can be of one part of it: they do not have two different fragments."""
    parts = {url.partition("#")[2].partition(":~:")[0] for url in (one, other)} - {""}
    return len(parts) < 2


def _platform(host: str) -> str:
    for pattern, name in _FORMS_OF_PLATFORMS:
        if pattern.fullmatch(host):
            return name
    return _SAME_HOSTS.get(host, host)


def _canonical(path: str, query: str) -> tuple[str, str]:
    """Return a path and a query in canonical percent-encoding, the query in order; letters with accents are one."""
    path = normalize("NFC", _BEYOND_ASCII.sub(_letters, path))
    query = query.replace("&amp;", "&")
    path, _, query = canonicalize_url(f"http://host/{path.removeprefix('/')}?{query}").partition("?")
    return path.removeprefix("http://host"), query


def _letters(escaped: re.Match[str]) -> str:
    """Return the letters that are escaped in UTF-8; what is escaped in another encoding stays as it is."""
    try:
        return unquote(escaped[0], errors="strict")
    except UnicodeDecodeError:
        return escaped[0]


def _tidy(path: str) -> str:
    """Return the path with single slashes, and without an index page's name, an AMP form's mark, and a last slash."""
    before = None
    while path != before:
        before, path = path, _AMP.sub(r"\1", _INDEX.sub("", _SLASHES.sub("/", path))).rstrip("/;")
    return path


def _selecting(host: str, path: str) -> Callable[[str], bool]:
    """Return the test of whether a part of the query selects the content of a page at ``host``."""
    names = _SELECTING.get(host)
    if names is not None:
        return lambda part: part.partition("=")[0] in names
    mobile = ("m=0", "m=1") if host.endswith(".blogspot.com") or _BLOGGER_POST.fullmatch(path) else ()
    return lambda part: part not in mobile and not _is_tracking(part)


def _is_tracking(part: str) -> bool:
    part = unquote(part)
    return _TRACKING.fullmatch(part) is not None or _TRACKING.fullmatch(part.partition("=")[0]) is not None


def _short(key: str) -> str:
    """Return a key that an index of either engine can hold: the rest of a long one is given by its hash."""
    return key if len(key) <= _LONGEST else f"{key[:_LONGEST]}{sha256(key.encode()).hexdigest()}"
