"""A person at a browser without JavaScript: opens pages, and sends the forms that are in them."""

from __future__ import annotations

from collections.abc import Sequence

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.web.pages.reading import BROWSER, Element, one, parsed, text_of
from tests.world import World

HOST = "http://localhost"
_FROM_HERE = {"Accept": BROWSER, "Origin": HOST, "Sec-Fetch-Site": "same-origin"}


class Person:
    """Somebody with a browser of their own. ``page`` is the page that it shows, ``answer`` the last answer."""

    page: Element
    answer: TestResponse

    def __init__(self, world: World, name: str | None = None) -> None:
        self.client: FlaskClient = world.client()
        if name is not None:
            self.sign_in(world.keys[name])

    def sign_in(self, key: str, path: str = "/desk/sign-in") -> None:
        """Sign in with a key."""
        self.open(path)
        self.send(key=key)

    def open(self, path: str, status: int = 200) -> Element:
        """Open a page, following redirects."""
        return self._show(self.client.get(path, headers={"Accept": BROWSER}, follow_redirects=True), status)

    def send(self, button: str | None = None, status: int = 200, **typed: str | Sequence[str]) -> Element:
        """Fill in the form of the page, press the button with this text (or the first), and follow redirects."""
        form, pressed = self._form(button, typed)
        values = fields(form)
        for name, value in typed.items():
            values.setlist(name, [value] if isinstance(value, str) else list(value))
        if pressed.get("name"):
            values.setlist(pressed.get("name"), [pressed.get("value")])
        path = pressed.get("formaction") or form.get("action")
        assert form.get("method") == "post", path
        answer = self.client.post(path, data=values, headers=_FROM_HERE, follow_redirects=True)
        return self._show(answer, status)

    def _form(self, button: str | None, typed: dict[str, str | Sequence[str]]) -> tuple[Element, Element]:
        found = [
            (form, pressed)
            for form in self.page.xpath("//main//form[not(@action='/desk/sign-out')]")
            for pressed in form.xpath(".//button")[: None if button else 1]
            if button is None or text_of(pressed) == button
        ]
        if button == "Sign out":
            form = one(self.page, "//form[@action='/desk/sign-out']")
            found = [(form, one(form, ".//button"))]
        assert len(found) == 1, (button, [text_of(each) for each in self.page.xpath("//main//button")])
        form, pressed = found[0]
        named = set(form.xpath(".//@name"))
        assert typed.keys() <= named, typed.keys() - named
        return form, pressed

    def _show(self, answer: TestResponse, status: int) -> Element:
        text = answer.get_data(as_text=True)
        assert answer.status_code == status, (answer.request.path, answer.status_code, text[:3000])
        self.answer, self.page = answer, parsed(text)
        return self.page

    @property
    def path(self) -> str:
        """The path of the page that is shown."""
        return self.answer.request.path

    @property
    def says(self) -> str:
        """The text of the page."""
        return text_of(one(self.page, "//main"))

    def value(self, name: str) -> str:
        """Return the value of a field of the page."""
        [value] = {each for form in self.page.xpath("//main//form") for each in fields(form).getlist(name)}
        return value

    def values(self, name: str) -> list[str]:
        """Return the values of a field that can have several."""
        return [each for form in self.page.xpath("//main//form") for each in fields(form).getlist(name)]

    @property
    def problems(self) -> list[str]:
        """The problems in the summary."""
        return [text_of(item) for item in self.page.xpath("//div[@class='summary']//li")]


def fields(form: Element) -> MultiDict[str, str]:
    """Return what a browser sends for a form as it is."""
    values: MultiDict[str, str] = MultiDict()
    for element in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        if element.tag == "textarea":
            # A line end after the tag is not part of the value.
            values.add(element.get("name"), (element.text or "").removeprefix("\n").replace("\n", "\r\n"))
        elif element.tag == "select":
            chosen = element.xpath("./option[@selected]") or element.xpath("./option")[:1]
            values.add(element.get("name"), chosen[0].get("value", chosen[0].text) if chosen else "")
        elif element.get("type") not in ("checkbox", "radio") or element.get("checked") is not None:
            values.add(element.get("name"), element.get("value", ""))
    return values
