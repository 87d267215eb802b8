"""Forms that were sent: their values, what is wrong with them, and the bodies of the API that they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
import orjson
from werkzeug.datastructures import MultiDict

from service.model.errors import Conflict, InvalidInput, ServiceError
from service.web.http.error_handlers import STATUS
from service.web.http.findings import findings_of
from service.web.http.problem_details import Finding
from service.web.http.sessions import TOKEN_FIELD

RESUME = "resume"
"""A form with this field is shown again with its values, and does nothing."""
AGREED = "agreed"
"""The effects that a person has been told of and has agreed to, as their seal."""
PUBLIC = "published"
"""A reason to ask before anything is published, whatever it changes."""
DONE = "done"
"""The thing that was just done, in the address of the page after it."""
_CONTROLS = frozenset({TOKEN_FIELD, RESUME, AGREED, DONE, "act"})
_QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a form: with ``field``, or with the whole of it."""

    text: str
    field: str | None = None


class Refused(Exception):
    """A form that is not done, because of its problems."""

    def __init__(self, problems: Sequence[Problem], status: int = 422) -> None:
        super().__init__(problems[0].text)
        self.problems = problems
        self.status = status


class Form:
    """The values of a form by name, and the problems found with them."""

    def __init__(self, values: MultiDict[str, str] | None = None) -> None:
        self._values = values if values is not None else MultiDict()
        self._fields: Mapping[str, str] = {}
        self._labels: Mapping[str, str] = {}
        self._choices: Mapping[str, str] = {}
        self.problems: list[Problem] = []
        self.conflict: Conflict | None = None

    def text(self, name: str) -> str:
        """Return the value of a field, without blanks around it; empty if there is none."""
        # Browsers send the ends of lines as CRLF.
        return self._values.get(name, "").replace("\r\n", "\n").strip()

    def verbatim(self, name: str) -> str:
        """Return the value of a field with the blanks around it."""
        return self._values.get(name, "").replace("\r\n", "\n")

    def texts(self, name: str) -> list[str]:
        """Return the values of a field that may have several; empty ones are left out."""
        return [text.strip() for text in self._values.getlist(name) if text.strip()]

    def lines(self, name: str) -> list[str]:
        """Return the lines of a field; empty ones are left out."""
        return [line.strip() for line in self.text(name).split("\n") if line.strip()]

    def has(self, name: str, value: str) -> bool:
        """Return whether a value is among those of a field."""
        return value in self.texts(name)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    @property
    def is_empty(self) -> bool:
        """True for a form that nobody has filled in yet."""
        return not any(name not in _CONTROLS for name in self._values)

    def fill(self, **values: str | Sequence[str] | None) -> None:
        """Set fields that the form does not have; those that are ``None`` stay away."""
        for name, value in values.items():
            if value is not None and name not in self._values:
                self._values = self._values.copy()
                self._values.setlist(name, [value] if isinstance(value, str) else list(value))

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """Return the fields with their values, in order, without those that only say what to do."""
        left_out = _CONTROLS | set(without)
        return [(name, value) for name, value in self._values.items(multi=True) if name not in left_out]

    def wrong(self, name: str) -> list[str]:
        """Return what is wrong with a field."""
        return [problem.text for problem in self.problems if problem.field == name]

    def names(
        self, fields: Mapping[str, str], labels: Mapping[str, str], choices: Mapping[str, str] | None = None
    ) -> None:
        """Set the fields that parts of the body come from, by their JSON pointer, and the labels of members.

        ``choices`` has the sentences for fields in which nothing was chosen.
        """
        self._fields, self._labels, self._choices = fields, labels, choices or {}

    def load(self, schema: ma.Schema, body: Mapping[str, Any]) -> Any:
        """Return what a schema of the API loads from the body that the form stands for; raise ``Refused``."""
        try:
            return schema.load({name: value for name, value in body.items() if value not in ("", None, [])})
        except ma.ValidationError as error:
            findings = findings_of({"json": error.normalized_messages()}, schema, error.data)
            raise Refused([self._problem(finding) for finding in findings]) from error

    def refuse(self, error: Refused | ServiceError) -> int:
        """Take over the problems that an error tells of; return the status of the answer."""
        if isinstance(error, Refused):
            self.problems += error.problems
            return error.status
        if isinstance(error, InvalidInput):
            self.problems.append(self._problem(Finding("body", f"/{error.field}", error.reason)))
            return 422
        status = next(STATUS[kind][0] for kind in type(error).__mro__ if kind in STATUS)
        if isinstance(error, Conflict):
            self.conflict = error
            self.problems.append(Problem(error.reason))
        else:
            self.problems.append(Problem(str(error)))
        return status

    def _problem(self, finding: Finding) -> Problem:
        field = self.field_of(finding.pointer)
        if field is not None and field in self._choices and not self.text(field):
            return Problem(self._choices[field], field)
        label = self._labels.get(finding.pointer.split("/")[1] if "/" in finding.pointer else "")
        sentence = finding.sentence
        if label:
            sentence = sentence.replace(f"`{finding.path}`", f"“{label}”")
        return Problem(_QUOTED.sub(lambda found: f"“{self._labels.get(found[1], found[1])}”", sentence), field)

    def field_of(self, pointer: str) -> str | None:
        """Return the field that a part of the body comes from: the one with the longest pointer to it."""
        while pointer:
            if pointer in self._fields:
                return self._fields[pointer]
            if pointer.count("/") == 1:
                return pointer[1:]
            pointer = pointer.rpartition("/")[0]
        return None


def packed(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the fields of a form as one text, to be kept in another form; empty if there are none."""
    return orjson.dumps(pairs).decode() if pairs else ""


def unpacked(text: str) -> list[tuple[str, str]]:
    """Return the fields in such a text; none if it is malformed."""
    try:
        return [(str(name), str(value)) for name, value in orjson.loads(text or "[]")]
    except (orjson.JSONDecodeError, TypeError, ValueError):
        return []
