"""An import ends when nothing but refusals come, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from claim_verification.cli.import_command import _import_files, _Tally
from claim_verification.cli.import_preview import Preview
from claim_verification.cli.progress import Progress
from service.interchange.claimreview.review_items import Place
from service.interchange.importing.giving_up import REFUSALS, until_given_up
from service.interchange.importing.outcomes import ItemResult, Outcome
from service.interchange.importing.report_schema import import_report
from service.web.resources.imports import REPORTED
from tests.interchange.importing.helpers import post
from tests.use_cases.desk import Desk, done

SIZE = 200


def _results(outcomes: list[Outcome]) -> list[list[ItemResult]]:
    results = [ItemResult(Place(number, number), outcome) for number, outcome in enumerate(outcomes, 1)]
    return [results[start : start + SIZE] for start in range(0, len(results), SIZE)]


def test_refusals_with_something_between_do_not_end_an_import() -> None:
    nearly = [Outcome.REFUSED] * (REFUSALS - 1)
    batches = _results([*nearly, Outcome.UNCHANGED, *nearly, Outcome.CREATED, *nearly])
    assert list(until_given_up(batches)) == batches


def test_an_import_ends_after_so_many_refusals_and_says_so() -> None:
    batches = _results([Outcome.CREATED, *[Outcome.REFUSED] * (REFUSALS + 1000), Outcome.CREATED])
    seen = [result for batch in until_given_up(iter(batches)) for result in batch]
    assert len(seen) == REFUSALS + SIZE + 1  # the batch in which it happened is told whole
    assert seen[-1].is_end
    assert not any(result.is_end for result in seen[:-1])
    for most in (REPORTED, None):
        report = import_report(until_given_up(iter(batches)), most)
        assert (report["created"], report["refused"]) == (1, REFUSALS + SIZE)
        assert [finding["code"] for finding in report["report"][-1]["findings"]] == ["gave_up"]
        assert report["report_truncated"] is (most is not None)


@pytest.mark.one_engine
@pytest.mark.parametrize("unit", [b"}{", b"a\n"])
def test_a_body_of_nothing_is_not_read_to_its_end(desk: Desk, unit: bytes) -> None:
    answer = done(post(desk, unit * 20_000, media_type="application/json"), 200)
    assert REFUSALS <= answer["refused"] <= REFUSALS + SIZE
    assert len(answer["report"]) == REPORTED + 1
    end = answer["report"][-1]
    assert end["findings"][0]["code"] == "gave_up"
    assert end["findings"][0]["message"].endswith("the rest of the input was not read. Correct the input.")
    assert (end["item"], end["outcome"]) == (answer["refused"], "refused")


def test_the_command_says_so_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "nothing.json"
    file.write_bytes(b"{}")
    report = import_report(until_given_up(_results([Outcome.REFUSED] * REFUSALS)), REPORTED)
    _import_files([str(file)], lambda name, stream: iter([(report, 2)]), _Tally(), Preview(), Progress(2), None)
    assert f"{file}: the last 10,000 items were refused: the rest" in capsys.readouterr().err
