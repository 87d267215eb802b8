"""Addresses in bodies: refused with the right one, where percent-encoding makes one."""

import pytest
from marshmallow import ValidationError

from service.schemas.fields import WebAddress

FIELD = WebAddress("", "https://example.org/")


@pytest.mark.parametrize(
    "address",
    ["https://e.example", "http://e.example:8080/a?b=c#d", "https://пример.рф/путь", "https://e.example/%3Cb%3E", None],
)
def test_addresses(address: str | None) -> None:
    assert WebAddress("", "", allow_none=True).deserialize(address) == address


@pytest.mark.parametrize(
    ("address", "encoded"),
    [
        ('https://e.example/"><script>', "https://e.example/%22%3E%3Cscript%3E"),
        ("https://e.example/?a[]=1", "https://e.example/?a%5B%5D=1"),
        ("https://e.example/100%", "https://e.example/100%25"),
        ("https://e.example/a\\b", "https://e.example/a/b"),
        ("https://e.example/a\nb", "https://e.example/ab"),
        (" https://e.example/a ", "https://e.example/a"),
    ],
)
def test_an_address_that_needs_encoding_is_refused_with_the_right_one(address: str, encoded: str) -> None:
    with pytest.raises(ValidationError, match="percent-encode") as error:
        FIELD.deserialize(address)

    assert str(error.value.messages[0]).endswith(f"as in {encoded}.")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a:b@e.example/", 'https://e.example">/', "e.example/x", "x", ""]
)
def test_other_texts_are_refused_with_an_example(address: str) -> None:
    with pytest.raises(ValidationError, match=r"Must be an http or https URL, such as https://example\.org/news/1\."):
        FIELD.deserialize(address)


def test_a_too_long_address_is_refused() -> None:
    with pytest.raises(ValidationError, match="Longer than maximum length 2000"):
        FIELD.deserialize("https://e.example/" + "a" * 2000)
    with pytest.raises(ValidationError, match="at most 2000 bytes"):
        FIELD.deserialize("https://e.example/" + "д" * 1500)
