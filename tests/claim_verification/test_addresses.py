"""The servers that the client talks to, and sends its key to."""

from pathlib import Path

import pytest

from claim_verification import BadAnswer, Client, Unusable
from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served
from tests.claim_verification.proxy import Proxy, proxying


@pytest.mark.parametrize(
    "url",
    [
        "",
        "claims.example",
        "ftp://claims.example",
        "http://",
        "http://[",
        "http://a:x",
        "file:///etc/passwd",
        "http://a?b",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Unusable, match=r"an example: https://claims\.example"):
        Client(url)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    for scheme in ("http", "ftp"):
        with pytest.raises(Unusable) as told:
            Client(f"{scheme}://me:geheim@claims.example")
        assert "geheim" not in str(told.value)


@pytest.mark.parametrize("key", ["", "two words", "line\n", "clé", "geheim\x01"])
def test_what_is_no_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(Unusable) as told:
        Client("http://a", key)
    assert "geheim" not in str(told.value)


def test_the_key_is_not_shown() -> None:
    assert "geheim" not in repr(Client("http://a", "geheim")) + str(vars(Client("http://a", "geheim")))


@pytest.mark.parametrize("prefix", ["/api", "/a/b/", "/v1"])
def test_behind_a_path(proxy: Proxy, served: Served, prefix: str) -> None:
    """``next`` and ``Location`` are paths of the service, without the path that a proxy puts before them."""
    proxy.prefix = prefix.rstrip("/")
    with Client(proxy.url + prefix, served.keys[KeyRole.EDITOR]) as client:
        assert len(list(client.list_claims(limit=100))) >= 268
        gone, stands = (
            client.create_claim(
                {"subject": "ships", "topics": ["harbour"], "text": f"Ships arrived at {prefix}, {pier}."}
            )
            for pier in ("pier 1", "pier 2")
        )
        client.merge_claim(gone["id"], stands["id"], "Entered twice.")
        assert client.get_claim(gone["id"])["id"] == stands["id"]
    assert [request for request in proxy.seen if not request.target.startswith(f"{proxy.prefix}/v1/")] == []


def test_the_key_does_not_go_to_another_server(proxy: Proxy, served: Served) -> None:
    with proxying(served.url) as other, Client(proxy.url, "the-key") as client:
        proxy.plan, proxy.location = [308], f"{other.url}/v1/events/head"
        with pytest.raises(BadAnswer, match="another server"):
            client.get_head()
        proxy.plan = [b'{"data": [], "next": "%s/v1/claims"}' % other.url.encode()]
        with pytest.raises(BadAnswer, match="another server"):
            list(client.list_claims())
        assert other.seen == []
    assert {request.headers["Authorization"] for request in proxy.seen} == {"Bearer the-key"}


def test_redirects_in_circles(proxy: Proxy) -> None:
    proxy.plan, proxy.location = [302] * 20, "/v1/events/head"
    with Client(proxy.url) as client:
        with pytest.raises(BadAnswer, match="redirects"):
            client.get_head()
        with pytest.raises(BadAnswer, match="redirects to"):
            client.create_source({"name": "x", "kind": "ngo"})
    assert len([request for request in proxy.seen if request.method == "POST"]) == 1


def test_no_other_key_is_sent(proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login eve password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Client(proxy.url) as client:
        client.get_head()
    assert "Authorization" not in proxy.seen[0].headers


def test_an_answer_cannot_write_to_a_terminal(proxy: Proxy) -> None:
    with Client(proxy.url) as client:
        for public_id in ("\x1b[2J", "\x9b2J"):
            proxy.plan, proxy.location = [308], public_id
            with pytest.raises(BadAnswer) as told:
                client.create_source({"name": "x", "kind": "ngo"})
            assert not {"\x1b", "\x9b"} & set(str(told.value))
