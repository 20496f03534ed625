"""Every fault has words in both languages, and no words lie unused."""

from __future__ import annotations

import re
import string
from pathlib import Path

import junheng
from junheng.data import admission_messages, intake_messages

MESSAGES = intake_messages.MESSAGES | {
    code: words for code, words in admission_messages.MESSAGES.items() if code.startswith("intake.")
}
SOURCE = Path(junheng.__file__).parent
USED = re.compile(r'"(intake\.[a-z_]+)"')
BUILT = re.compile(r'f"(intake\.[a-z_]+)\{')


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def code_of_the_house() -> str:
    files = [*SOURCE.glob("data/*.py"), *SOURCE.glob("cli/*.py")]
    return "\n".join(f.read_text(encoding="utf-8") for f in files if not f.name.endswith("_messages.py"))


def test_every_code_used_is_worded_and_every_word_used() -> None:
    text = code_of_the_house()
    used = set(USED.findall(text))
    built = tuple(BUILT.findall(text))
    assert used - MESSAGES.keys() == set()
    assert {code for code in MESSAGES if code not in used and not code.startswith(built)} == set()


def test_both_languages_say_something_of_their_own() -> None:
    for code, (chinese, english) in MESSAGES.items():
        assert re.search(r"[\u4e00-\u9fff]", chinese), code
        assert not re.search(r"[\u4e00-\u9fff]", english.replace("错误信息", "")), code


def test_a_language_never_needs_more_than_columns_counts_and_names() -> None:
    """What differs between the languages is only the language of a name."""
    for code, (chinese, english) in MESSAGES.items():
        plain = [{re.sub(r"_(zh|en)$", "", name) for name in fields(text)} for text in (chinese, english)]
        assert plain[0] - plain[1] <= {
            "table",
            "column",
            "names",
            "missing",
            "allowed",
            "target",
            "known",
            "zh",
        }, code
