"""Pipelines of spaCy by folder and name: which can be used, and errors that say why one cannot."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from service.config import load_settings
from service.model.errors import ConfigError
from service.reading.pipelines import find_pipelines
from service.reading.spacy_parser import SpacyParser, load, syntax_of
from service.reading.syntax import Allowance

pytestmark = pytest.mark.filterwarnings("ignore")

META = {"lang": "en", "pipeline": ["parser"], "labels": {"parser": ["ROOT", "nsubj"]}}


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take spaCy for installed: nothing of it is needed to find a pipeline."""
    from importlib.util import find_spec

    monkeypatch.setattr("service.reading.pipelines.find_spec", lambda name: name == "spacy" or find_spec(name))


def described(folder: Path, **changes: Any) -> str:
    """Return a folder with a description."""
    folder.mkdir(exist_ok=True)
    (folder / "meta.json").write_text(json.dumps(META | changes))
    return str(folder)


@pytest.mark.usefixtures("_installed")
def test_each_language_has_its_pipeline(tmp_path: Path) -> None:
    setting = f"{described(tmp_path / 'one')}, {described(tmp_path / 'two', lang='fr')}"
    assert [(one.language, Path(one.name).name) for one in find_pipelines(setting)] == [("en", "one"), ("fr", "two")]
    assert find_pipelines(" , ") == ()


@pytest.mark.usefixtures("_installed")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pipeline": ["tok2vec", "ner"]}, r"has no parser \(its components: tok2vec, ner\)"),
        ({"pipeline": []}, "its components: none"),
        ({"lang": "xx"}, "a pipeline for 'xx': statements are read in ar, de, en"),
        ({"labels": {"parser": ["ROOT", "sb", "oa"]}}, "no label for a subject, such as nsubj"),
    ],
)
def test_a_pipeline_that_is_of_no_use_is_an_error(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        find_pipelines(described(tmp_path / "one", **changes))


@pytest.mark.usefixtures("_installed")
def test_two_pipelines_for_one_language_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="two pipelines for 'en'"):
        find_pipelines(f"{described(tmp_path / 'one')},{described(tmp_path / 'two')}")


@pytest.mark.usefixtures("_installed")
@pytest.mark.parametrize("name", ["en_no_such_pipeline", "json", "/no/such/folder", "../etc", "not a name"])
def test_the_setting_names_what_is_no_pipeline(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NLP_PIPELINE", name)
    with pytest.raises(ConfigError, match=f"NLP_PIPELINE.*names '{name}', which is neither.*nothing is downloaded"):
        load_settings()


@pytest.mark.usefixtures("_installed")
def test_a_description_that_is_broken_is_an_error(tmp_path: Path) -> None:
    for text in ("{", "[]"):
        (tmp_path / "meta.json").write_text(text)
        with pytest.raises(ConfigError, match=r"meta.json is no JSON"):
            find_pipelines(str(tmp_path))


def test_without_the_extra_the_setting_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.reading.pipelines.find_spec", lambda name: None)
    monkeypatch.setenv("NLP_PIPELINE", "en_core_web_sm")
    with pytest.raises(ConfigError, match="install the extra `nlp`"):
        load_settings()


def test_code_in_the_folder_of_a_pipeline_does_not_run(
    pipeline: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    config = (pipeline / "config.cfg").read_text().replace('factory = "parser"', 'factory = "of_the_folder"')
    (folder / "config.cfg").write_text(config)
    (folder / "meta.json").write_text((pipeline / "meta.json").read_text())
    for name in ("__init__.py", "of_the_folder.py"):
        (folder / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    with pytest.raises(ConfigError, match=r"cannot be loaded.*of_the_folder"):
        load(find_pipelines(str(folder))[0])
    syntax = syntax_of(str(folder))
    assert syntax is not None
    with caplog.at_level(logging.ERROR):
        assert [syntax.tree(text, "en", Allowance(100)) for text in ("A gull.", "A bank.")] == [(), ()]
    [message] = [record.getMessage() for record in caplog.records]
    assert message.startswith(f"statements in en are read by rules alone: NLP_PIPELINE names '{folder}'")
    assert not (tmp_path / "ran").exists()


def test_the_words_of_texts_are_not_kept(pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = find_pipelines(str(pipeline))
    loaded = load(found)
    monkeypatch.setattr("service.reading.spacy_parser.load", lambda one: loaded)
    parser = SpacyParser([found])
    parser.parse("The farmers sued.", "en")
    known = len(loaded.vocab.strings)
    for number in range(20):
        assert len(parser.parse(f"Farmer{chr(97 + number)} sued.", "en")) == 3
    assert len(loaded.vocab.strings) == known


def test_a_pipeline_without_dependencies_is_an_error(pipeline: Path, tmp_path: Path) -> None:
    import spacy

    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    blank.to_disk(tmp_path / "en")
    meta = json.loads((tmp_path / "en" / "meta.json").read_text())
    (tmp_path / "en" / "meta.json").write_text(json.dumps(meta | {"pipeline": ["of_somebody"]}))
    with pytest.raises(ConfigError, match="sets no dependencies"):
        load(find_pipelines(str(tmp_path / "en"))[0])


def test_a_request_has_only_so_many_characters_parsed(pipeline: Path) -> None:
    syntax = syntax_of(str(pipeline))
    assert syntax is not None
    sentence = "The farmers sued the bank."
    assert len(syntax.tree(sentence, "en", Allowance(0))) == 6
    assert syntax.tree(sentence, "fr", Allowance(0)) == ()
    spent = Allowance(0)
    assert spent.take(2_000)
    assert syntax.tree("Lara praised Otto.", "en", spent) == ()
    assert len(syntax.tree(sentence, "en", spent)) == 6  # known already
    assert syntax.tree("farmers " * 200, "en", Allowance(10_000)) == ()  # no sentence is as long
    assert not Allowance(10**6).take(20_001)
