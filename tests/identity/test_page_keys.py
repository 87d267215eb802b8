"""Two addresses of one page have one key, and two pages two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity.web_addresses import document_key, page_key

PAGE = "https://post.example/p/1"
DIFFERENT = [
    "https://post.example/P/1",
    "https://post.example/p/1.html",
    "https://post.example/p%2F1",
    "https://post.example/p/1?id=2",
    "https://post.example/p/1?page=2",
    "https://post.example/p/1?ref=12",
    "https://post.example/p/1#!/a",
    "https://post.example/p/1#/a",
    "https://post.example/p/1#/b",
    "https://post.example:8080/p/1",
    "https://news.post.example/p/1",
    "https://post.example.org/p/1",
    "https://mpost.example/p/1",
    "https://post.example/p",
    "https://post.example/amp",
    "https://post.example/p/1/m/2",
    "https://post.example/search?q=https://post.example/p/1",
    "https://archive.org/details/https-post.example",
    "https://archive.ph/AbCdE",
    "https://m.blogspot.com/p/1",
    "https://alpha.blogspot.com/p/1",
    "https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2F1",
    "https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2F2",
    "https://www.facebook.com/login/",
    "https://www.youtube.com/playlist?list=PL1",
    "https://www.youtube.com/playlist?list=PL2",
    "https://www.facebook.com/permalink.php?story_fbid=1&id=2",
    "https://www.facebook.com/permalink.php?story_fbid=1&id=3",
    "https://x.com/search?q=mast",
    "https://www.reddit.com/r/news/comments/abc/a_title/def/",
]


@pytest.mark.parametrize(
    "url",
    [
        "http://post.example/p/1",
        "https://www.post.example/p/1",
        "https://www2.post.example/p/1",
        "https://m.post.example/p/1",
        "https://mobile.post.example/p/1",
        "https://amp.post.example/p/1",
        "https://POST.example./p/1",
        "HTTPS://post.example:443/p/1",
        "http://post.example:80/p/1",
        "https://reader:secret@post.example/p/1",
        "post.example/p/1",
        "post.example:80/p/1",
        "//post.example/p/1",
        " https://post.example/p/1\n",
        "https://post.example/p/1\u200b",
        "https://post.example/p/1/",
        "https://post.example//p//1",
        "https://post.example/x/../p/./1",
        "https://post.example/%70/%31",
        "https://post.example/p/1?",
        "https://post.example/p/1#top",
        "https://post.example/p/1#:~:text=a%20mast",
        "https://post.example/p/1/#!/",
        "https://post.example/p/1;jsessionid=1A2B",
        "https://post.example/p/1?utm_source=x&fbclid=IwAR0&gclid=2&_ga=1.2",
        "https://post.example/p/1?__cft__[0]=AZ&__tn__=R",
        "https://post.example/p/1?ref=twitter",
        "https://post.example/p/1/amp/",
        "https://post.example/amp/p/1",
        "https://post.example/p/amp/1",
        "https://post.example/p/1.amp",
        "https://post.example/p/1?amp",
        "https://post.example/p/1?amp=1&usqp=mq331",
        "https://post.example/p/1?outputType=amp",
    ],
)
def test_another_form_of_an_address_is_the_same_page(url: str) -> None:
    assert page_key(url) == page_key(PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "https://web.archive.org/web/2020/https://post.example/p/1",
        "https://web.archive.org/web/20200101120000if_/http://www.post.example:80/p/1",
        "https://web.archive.org/web/*/post.example/p/1",
        "https://web.archive.org/web/https%3A%2F%2Fpost.example%2Fp%2F1",
        "https://web.archive.org/web/2020/https:/post.example/p/1?utm_source=x",
        "https://web.archive.org/web/2020/https://archive.ph/2020.01.01-120000/https://post.example/p/1",
        "https://archive.org/wayback/2020/https://post.example/p/1",
        "https://archive.ph/2020.01.01-120000/https://post.example/p/1",
        "http://archive.is/newest/https://post.example/p/1#selection-1",
        "https://archive.today/o/AbCdE/https://post.example/p/1",
        "https://archive.md/?run=1&url=https%3A%2F%2Fpost.example%2Fp%2F1",
        "https://arquivo.pt/wayback/20200101120000/https://post.example/p/1",
        "https://wayback.archive-it.org/1234/20200101120000/https://post.example/p/1",
        "https://megalodon.jp/2020-0101-1200-00/https://post.example:443/p/1",
        "https://www.webcitation.org/query?url=https://post.example/p/1&date=2020-01-01",
        "https://perma-archives.org/warc/AB12-CD34/https://post.example/p/1",
        "https://webcache.googleusercontent.com/search?q=cache:AbCdEfGhIjKl:https://post.example/p/1+mast&hl=en",
        "https://post-example.cdn.ampproject.org/c/s/post.example/p/1",
        "https://www.google.co.uk/amp/s/post.example/p/1/amp",
        "https://www.google.com/url?q=https://post.example/p/1&sa=D",
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fpost.example%2Fp%2F1",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fpost.example%2Fp%2F1%3Ffbclid%3DIw&h=AT0",
        "https://www.facebook.com/login/?next=https%3A%2F%2Fpost.example%2Fp%2F1",
        "https://m.facebook.com/login.php?next=https%3A%2F%2Fpost.example%2Fp%2F1",
        "https://web.archive.org/web/2021/https://www.facebook.com/login/?next=https%3A%2F%2Fpost.example%2Fp%2F1",
        "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fpost.example%2Fp%2F1&width=500",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpost.example%2Fp%2F1&data=05",
        "https://post-example.translate.goog/p/1?_x_tr_sl=en&_x_tr_tl=de",
        "https://translate.google.com/translate?sl=en&u=https://post.example/p/1",
        "https://12ft.io/https://post.example/p/1",
    ],
)
def test_a_copy_or_a_way_to_a_page_stands_for_it(url: str) -> None:
    assert page_key(url) == page_key(PAGE)


@pytest.mark.parametrize(
    "addresses",
    [
        (
            "https://twitter.com/u/status/1",
            "https://x.com/u/status/1?s=20&t=abc",
            "https://mobile.twitter.com/u/statuses/1",
            "https://twitter.com/i/web/status/1",
            "https://twitter.com/#!/u/status/1",
            "https://x.com/u/status/1/photo/1",
        ),
        (
            "https://www.facebook.com/u/posts/1",
            "https://m.facebook.com/u/posts/1?refid=17&_rdr",
            "https://mbasic.facebook.com/u/posts/1",
            "https://fr-fr.facebook.com/u/posts/1/",
        ),
        (
            "https://www.facebook.com/u/videos/a-title/123/",
            "https://www.facebook.com/watch/?v=123&ref=sharing",
            "https://m.facebook.com/reel/123",
        ),
        (
            "https://www.facebook.com/story.php?story_fbid=1&id=2",
            "https://m.facebook.com/permalink.php?id=2&story_fbid=1",
        ),
        (
            "https://www.youtube.com/watch?v=abcdefghijk",
            "https://youtu.be/abcdefghijk?t=42",
            "https://m.youtube.com/watch?list=PL1&v=abcdefghijk",
            "https://www.youtube-nocookie.com/embed/abcdefghijk",
            "https://youtube.com/shorts/abcdefghijk?feature=share",
            "https://ghostarchive.org/varchive/youtube/20210101/abcdefghijk",
        ),
        (
            "https://www.instagram.com/p/AbC/?igsh=x",
            "https://instagram.com/reel/AbC",
            "https://instagr.am/u/p/AbC/",
            "https://www.instagram.com/accounts/login/?next=%2Fp%2FAbC%2F",
        ),
        ("https://www.tiktok.com/@u/video/1?_r=1", "https://m.tiktok.com/v/1.html"),
        ("https://t.me/channel/12", "https://t.me/s/channel/12", "https://telegram.me/channel/12?single"),
        (
            "https://www.reddit.com/r/news/comments/abc/a_title/",
            "https://old.reddit.com/r/news/comments/abc/",
            "https://www.reddit.com/comments/abc/?utm_source=share",
        ),
        ("https://vk.com/wall-1_2", "https://m.vk.com/club1?w=wall-1_2", "https://vk.ru/wall-1_2"),
        ("https://en.wikipedia.org/wiki/Mast", "https://en.m.wikipedia.org/wiki/Mast#Wood"),
        ("https://alpha.blogspot.com/2020/01/a.html", "https://alpha.blogspot.co.uk/2020/01/a.html?m=1"),
        ("https://blog.example/2020/01/a.html", "https://blog.example/2020/01/a.html?m=1"),
        ("https://archive.today/AbCdE", "http://archive.is/AbCdE", "https://archive.ph/AbCdE#selection-1.0"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%c3%a4", "https://MÜNCHEN.example/%C3%A4"),
        ("https://例え。テスト/a", "https://xn--r8jz45g.xn--zckzah/a"),
        ("https://a.example/s?b=2&a=1&c=x+y", "https://a.example/s?a=1&c=x%20y&b=2"),
        ("https://a.example/#!/a?b=%31", "https://www.a.example/#!/a?b=1"),
        (
            "https://a.example",
            "http://www.a.example/",
            "https://a.example/index.html",
            "https://a.example/?utm_source=x",
        ),
        ("https://a.example/caf\u00e9", "https://a.example/cafe\u0301", "https://a.example/caf%C3%A9"),
        ("https://a.example/caf%E9", "https://www.a.example/caf%e9"),
        ("https://a.example/?a=1&b=2", "https://a.example/?a=1&amp;b=2"),
        ("https://www.bbc.com/news/world-1", "https://www.bbc.co.uk/news/amp/world-1"),
        ("https://archive.ph/AbCdE", "https://archive.is/wip/AbCdE", "https://archive.fo/AbCdE/image"),
        ("https://perma.cc/AB12-CD34", "https://perma.cc/AB12-CD34?type=image"),
        ("https://www.linkedin.com/posts/a-1", "https://uk.linkedin.com/posts/a-1"),
        ("https://vimeo.com/123", "https://player.vimeo.com/video/123?h=1"),
        ("http://[2001:DB8::0001]:80/a", "https://[2001:db8::1]/a"),
    ],
    ids=lambda addresses: addresses[0],
)
def test_the_forms_of_one_page(addresses: tuple[str, ...]) -> None:
    assert len({page_key(url) for url in addresses}) == 1
    assert page_key(addresses[0]) is not None


@pytest.mark.parametrize("url", DIFFERENT)
def test_pages_that_differ_have_keys_of_their_own(url: str) -> None:
    assert page_key(url) not in {page_key(other) for other in {PAGE, *DIFFERENT} - {url}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "a word",
        "word",
        "http://",
        "http:///a",
        "http://..",
        "http://[::1",
        "http://a b.example/",
        "http://a%zz.example/",
        "http://a.example:99999/",
        "http://\ud800.example/",
        "mailto:desk@post.example",
        "ftp://post.example/a",
        "javascript:alert(1)",
        "urn:isbn:1",
        "data:text/plain,a",
        "?a=1",
        "#a",
    ],
)
def test_text_that_is_no_web_address_has_no_key(text: str) -> None:
    assert page_key(text) is None


def test_an_address_that_no_browser_could_open_is_a_document_of_its_own() -> None:
    keys = {document_key(url) for url in ("https://[1", "https://[2", PAGE)}
    assert len(keys) == 3
    assert document_key(PAGE) == page_key(PAGE)
    assert document_key(None) is None


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.example/", "https://web.archive.org/web/"]))
def test_nothing_raises_and_a_key_fits_an_index(text: str, before: str) -> None:
    key = page_key(before + text)
    assert key is None or (len(key.encode()) <= 1100 and "\0" not in key)


# A path has parameters after a semicolon only in its last segment, which a slash at the end changes.
@given(st.text(st.characters(exclude_characters=";"), max_size=30))
def test_the_key_of_a_key_is_itself(path: str) -> None:
    key = page_key(f"https://post.example/{path}")
    assert key is not None
    assert page_key(f"https://{key}") == key


def test_a_long_key_is_shortened_and_still_tells_pages_apart() -> None:
    one, two = (page_key(f"https://post.example/{'я' * 600}{end}") for end in "ab")
    assert one is not None
    assert two is not None
    assert one != two
    assert len(one) == len(two) == 1064


def test_archives_of_archives_end() -> None:
    url = "https://web.archive.org/web/2020/" * 9 + "https://post.example/p/1"
    assert page_key(url) is not None
