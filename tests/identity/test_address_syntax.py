"""Web addresses: the characters that they may have, and the encoding of others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity.address_syntax import URL_PATTERN, is_web_address, percent_encoded
from service.identity.web_addresses import page_key

ENCODED = [
    ('https://e.example/"><script>', "https://e.example/%22%3E%3Cscript%3E"),
    ("https://e.example/a|b^c`d{e}", "https://e.example/a%7Cb%5Ec%60d%7Be%7D"),
    ("https://e.example/a b?c d#e f", "https://e.example/a%20b?c%20d#e%20f"),
    ("https://e.example/?a[]=1&b[c]=2", "https://e.example/?a%5B%5D=1&b%5Bc%5D=2"),
    ("https://e.example/100%", "https://e.example/100%25"),
    ("https://e.example/%zz%4", "https://e.example/%25zz%254"),
    ("https://e.example/a#b#c", "https://e.example/a#b%23c"),
    ("https://e.example/\u202egpj\u200b.exe", "https://e.example/%E2%80%AEgpj%E2%80%8B.exe"),
    ("https://e.example/\x00\x7f\x85", "https://e.example/%00%7F%C2%85"),
    ("https://e.example/a\tb\r\nc", "https://e.example/abc"),
    ("https:\\\\e.example\\a\\b?c=\\d", "https://e.example/a/b?c=%5Cd"),
]


@pytest.mark.parametrize(("text", "encoded"), ENCODED)
def test_characters_that_an_address_may_not_have_are_encoded(text: str, encoded: str) -> None:
    assert not is_web_address(text)
    assert percent_encoded(text) == encoded
    assert is_web_address(encoded)


@pytest.mark.parametrize(("text", "encoded"), [each for each in ENCODED if "%" not in each[0] and "\\" not in each[0]])
def test_an_encoded_address_leads_to_the_same_page(text: str, encoded: str) -> None:
    assert page_key(text) == page_key(encoded)


@pytest.mark.parametrize(
    "address",
    [
        "https://e.example",
        "http://e.example:8080/a;b=1/@c/~d/e'f!(g)*?h=i/j?k&l=$,+#m/n?o",
        "https://e.example/%3Cscript%3e",
        "https://пример.рф/путь?а=б#в",
        "https://xn--e1afmkfd.xn--p1ai/",
        "https://e.example/é❤️/新闻",
        "https://192.0.2.1/x",
    ],
)
def test_addresses_that_stay_as_they_are(address: str) -> None:
    assert is_web_address(address)
    assert percent_encoded(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e.example/x",
        "javascript:alert(1)//e.example/",
        "data:text/html,<script>",
        "ftp://e.example/",
        "https://user:word@e.example/",
        'https://e.example"><script>/',
        "https://e .example/",
        "https://e.example%2F/",
        "https://[::1]/",
        "https://localhost/",
        "https:///x",
    ],
)
def test_no_encoding_makes_these_web_addresses(text: str) -> None:
    assert not is_web_address(percent_encoded(text))


@given(st.text(max_size=80) | st.text(max_size=40).map("https://e.example/".__add__))
def test_encoding_twice_is_encoding_once(text: str) -> None:
    once = percent_encoded(text)

    assert percent_encoded(once) == once
    assert is_web_address(once) == (re.fullmatch(URL_PATTERN, once) is not None)


@given(st.text(max_size=60))
def test_any_path_can_be_encoded(text: str) -> None:
    assert is_web_address(percent_encoded(f"https://e.example/{text}"))
    assert not re.search(r"[<>\"`{}|\\^\s\[\]]", percent_encoded(f"https://e.example/{text}"))
