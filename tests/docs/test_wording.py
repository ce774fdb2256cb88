"""Everything a user reads is in the catalogues, whole: none missing, none stale, the same placeholders."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path
from string import Formatter

import pytest

from simrescue.wording import LANGUAGES, bilingual_counted, catalogue, translated
from simrescue.wording.build import COLUMNS

TOP = Path(__file__).parents[2]
PACKAGE = TOP / "simrescue"
CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
HANDED_ON = ("message", "limit", "row.used_for", "row.source")
"""Arguments that are messages written elsewhere: by a caller, or in a table that is extracted itself."""


def placeholders(text: str) -> list[tuple[str, str | None, str | None]]:
    return sorted({(name, spec, turned) for _, name, spec, turned in Formatter().parse(text) if name is not None})


def test_no_chinese_in_python_code() -> None:
    """It stands in the catalogues, and what users type in tables: no module has to be changed for a term."""
    assert not [str(path) for path in PACKAGE.rglob("*.py") if CHINESE.search(path.read_text("utf-8"))]


def test_no_message_hides_in_an_f_string() -> None:
    """Neither Babel nor a translator sees a call inside an f-string."""
    from simrescue.wording.build import KEYWORDS

    hidden = [
        f"{path.name}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]
    assert not hidden


def test_every_message_is_a_literal_that_is_extracted() -> None:
    """One in a variable is never extracted, nor one whose call holds another call of the kind."""
    pytest.importorskip("babel")
    from simrescue.wording.build import KEYWORDS, NOUNS, extracted

    found = {text for one in extracted() for text in ([one.id] if isinstance(one.id, str) else one.id)}
    lost = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        if path.parent != PACKAGE / "wording"
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        for place in {**KEYWORDS, **NOUNS}.get(call.func.id) or ()
        if isinstance(place, int)
        for message in [call.args[place - 1]]
        if ast.unparse(message) not in HANDED_ON
        if not isinstance(message, ast.Constant) or not {message.value, f"{{number}} {message.value}"} & found
    ]
    assert not lost


ERRORS = {"SimrescueError", "ResultsError", "NewerError", "ClockError", "UsageError", "BadParameter", "wrong"}
"""What users are told errors by; of a fault only the last but one or two tell something."""


def test_no_error_is_told_in_one_language_only() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for name in [call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")]
        if (name in ERRORS and any(is_sentence(one) for one in call.args))
        or (name in ("Fault", "fault") and any(is_sentence(one) for one in call.args[-2:]))
    ]
    assert not found, "write the message as bilingual(...), on the screen as on_screen(...)"


def is_sentence(node: ast.expr) -> bool:
    """Words as a literal or put together, instead of a message of the catalogue."""
    if isinstance(node, ast.BinOp):
        return is_sentence(node.left) or is_sentence(node.right)
    texts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) and re.search(r"[a-z]{2}", one.value)
        for one in texts
    )


@pytest.mark.parametrize("lang", LANGUAGES[1:])
class TestCatalogue:
    """What is kept against what the code says."""

    def test_nothing_missing_nothing_stale(self, lang: str) -> None:
        build = pytest.importorskip("simrescue.wording.build")
        pytest.importorskip("babel")
        wanted = {(one.context, one.id) for one in build.extracted() if one.id}
        kept = {(one.context, one.id) for one in build.read(lang) if one.id}
        assert wanted - kept == set(), "run python -m simrescue.wording.build, then translate the new ones"
        assert kept - wanted == set(), "run python -m simrescue.wording.build"
        assert build.missing(build.read(lang)) == []

    def test_is_as_the_build_writes_it(self, lang: str) -> None:
        pytest.importorskip("babel")
        from simrescue.wording import build

        folder = PACKAGE / "wording"
        assert build.written(build.merged(lang)) == (folder / f"{lang}.po").read_bytes()
        assert build.compiled(build.read(lang)) == (folder / f"{lang}.mo").read_bytes()
        assert build.compiled(build.of_click(build.read(lang))) == build.click_file(lang).read_bytes()

    def test_placeholders_have_names_and_are_the_same(self, lang: str) -> None:
        pytest.importorskip("babel")
        from simrescue.wording import build

        wrong = []
        for one in build.read(lang):
            ids = [one.id] if isinstance(one.id, str) else list(one.id)
            strings = [one.string] if isinstance(one.string, str) else list(one.string)
            asked = placeholders(ids[-1])
            if not one.id:
                continue
            if any(placeholders(text) != asked for text in (*ids[1:], *strings)):
                wrong.append(one.id)
            if not all(name.isidentifier() for name, _, _ in asked):
                wrong.append(one.id)
        assert not wrong

    def test_one_word_for_one_thing(self, lang: str) -> None:
        """A second word for what the glossary names is a second thing to a reader."""
        pytest.importorskip("babel")
        from simrescue.wording import build

        second = {
            "zh": r"成立概率|次成立|居中|中位的推演|(?<!未)未定(?!义)|次重复|重复次数|[次在]模拟|(?<!;)卡车|"
            r"义务指标|规划指标|预案指标|比较行"
        }[lang]
        strings = [one.string if isinstance(one.string, str) else one.string[0] for one in build.read(lang)]
        assert not [text for text in strings if re.search(second, text)]

    def test_a_note_of_ours_is_no_english_sentence(self, lang: str) -> None:
        """Names and titles stay as they are; what the tables say of numbers themselves does not."""
        wrong = [
            f"{name} {row[column]!r} -> {text!r}"
            for name, columns in COLUMNS.items()
            for row in csv.DictReader((PACKAGE / name).read_text("utf-8").splitlines())
            for column in columns
            for text in [translated(row[column], lang)]
            if not re.search(r"[\u4e00-\u9fff]", text) or re.search(r"\b[a-z]+,? [a-z]{2,},? [a-z]{2,}\b", text)
        ]
        assert not wrong

    def test_terms_are_those_of_the_glossary(self, lang: str) -> None:
        pytest.importorskip("babel")
        from simrescue.wording import build

        with (PACKAGE / "wording" / "glossary.csv").open(encoding="utf-8") as file:
            terms = [(row["en"], row[lang].split("|")) for row in csv.DictReader(file)]
        wrong = [
            f"{english}: {one.id!r} -> {one.string!r}"
            for one in build.read(lang)
            if isinstance(one.id, str) and isinstance(one.string, str)
            for english, chinese in terms
            if re.search(rf"(?<![\w-]){re.escape(english)}\b(?!\.\w)", re.sub(r"{.*?}", "", one.id), re.IGNORECASE)
            if not any(word in one.string for word in chinese)
        ]
        assert terms
        assert not wrong, "\n".join(wrong)


def test_values_are_put_in_by_language() -> None:
    message = "{label}, {unit}"
    assert translated(message, "en", label=("boats", "艇"), unit=2) == "boats, 2"
    assert translated(message, "zh", label=("boats", "艇"), unit=2) == "艇（2）"


def test_a_message_of_no_catalogue_stays_english() -> None:
    assert translated("nothing of the kind {x}", "zh", x=1) == "nothing of the kind 1"
    assert translated("", "zh") == ""


def test_plural_forms_go_with_the_number() -> None:
    one, many = "{number} nothing", "{number} nothings"
    assert bilingual_counted(one, many, 1)[0] == "1 nothing"
    assert bilingual_counted(one, many, 1200)[0] == "1,200 nothings"


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'fr' is no language here; expected one of en, zh"):
        catalogue("fr")
