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

__all__ = ["archived", "is_archive", "is_opaque_archive", "is_shared_host", "page_key", "registrable_domain"]

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
_INDEX = re.compile(r"(?<=/)(?:index\.(?:html?|php|aspx?)|default\.(?:html?|aspx?))$", re.IGNORECASE)
# /amp/story, /story/amp, /story.amp, /story.amp.html
_AMP = re.compile(r"^/amp(?=/[^/])|(?<=[^/])/amp/?$|\.amp(?=\.html?$|/?$)", re.IGNORECASE)
# Blogger's form for telephones: the posts of its blogs are /2024/05/title.html, under any domain.
_BLOGGER_POST = re.compile(r"/\d{4}/\d{2}/[^/]+\.html")

# Hosts that serve the same pages.
_SAME_HOSTS = {
    **dict.fromkeys(("x.com", "nitter.net", "fxtwitter.com", "vxtwitter.com", "fixupx.com"), "twitter.com"),
    **dict.fromkeys(("telegram.me", "telegram.dog"), "t.me"),
    **dict.fromkeys(("vk.ru", "vkontakte.ru"), "vk.com"),
    **dict.fromkeys(ARCHIVE_TODAY, "archive.today"),
    "fb.com": "facebook.com",
    "instagr.am": "instagram.com",
    "threads.com": "threads.net",
    "youtube-nocookie.com": "youtube.com",
    "music.youtube.com": "youtube.com",
}
_FORMS_OF_PLATFORMS = (
    (re.compile(r"(?:mbasic|web|iphone|free|[a-z]{2}-[a-z]{2})\.facebook\.com"), "facebook.com"),
    (re.compile(r"(?:old|new|np|sh|i)\.reddit\.com"), "reddit.com"),
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
            (r"/story\.php\?(.*)", r"/permalink.php?\1"),
            (r"/photo(?:\.php)?/?\?(?:.*&)?fbid=(\d+).*", r"/photo?fbid=\1"),
        ),
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
    "threads.net": frozenset(("q",)),
}


def page_key(url: str) -> str | None:
    """Return the key of the page at ``url``, the same for all of its addresses; ``None`` if it is no web address.

    A copy in an archive has the key of what it archives, if its address shows that. At most 1,064 characters of ASCII.
    Never raises.
    """
    return _page_key(url)


@lru_cache(maxsize=4096)
def _page_key(url: str) -> str | None:
    address = split_address(original(url))
    if address is None:
        return None
    host = _platform(page_host(address.host))
    fragment = address.fragment
    if host == "twitter.com" and fragment.startswith("!/"):
        fragment, address = "", address._replace(path=fragment.removeprefix("!"))
    path, _, query = canonicalize_url(f"http://host{_path(address.path)}?{address.query}").partition("?")
    selecting = _selecting(host, path.removeprefix("http://host"))
    query = "&".join(part for part in query.split("&") if part and selecting(part))
    rest = _tidy(path.removeprefix("http://host")) + (f"?{query}" if query else "")
    for pattern, form in _POSTS.get(host, ()):
        if match := pattern.fullmatch(rest):
            rest = match.expand(form)
            break
    host = "youtube.com" if host == "youtu.be" else host
    if fragment.startswith(("!/", "/")) and fragment not in ("!/", "/"):
        rest += f"#{_tidy(quote(unquote(fragment), safe=_IN_FRAGMENTS))}"
    port = "" if address.port is None else f":{address.port}"
    return _short(f"{f'[{host}]' if ':' in host else host}{port}{rest}")


def _platform(host: str) -> str:
    for pattern, name in _FORMS_OF_PLATFORMS:
        if pattern.fullmatch(host):
            return name
    return _SAME_HOSTS.get(host, host)


def _path(path: str) -> str:
    """Return the path with one slash where there are several, and without a session."""
    return re.sub(r"/{2,}", "/", _SESSION.sub("", path)) or "/"


def _tidy(path: str) -> str:
    """Return the path without the name of an index page, the mark of an AMP form, and the slash at the end."""
    return _AMP.sub("", _INDEX.sub("", path)).rstrip("/")


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
