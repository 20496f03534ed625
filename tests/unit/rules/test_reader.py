"""Rule files are untrusted: hostile or broken YAML ends in one clear finding, never in an object."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.rules.messages import MESSAGES
from junheng.rules.reader import MAX_BYTES, Fault, Mapping, read

HOSTILE = {
    "alias": b"a: &x [1, 2]\nb: *x\n",
    "duplicate_key": b"a: 1\nb: 2\na: 3\n",
    "tag": b"a: !!python/object/apply:os.system ['true']\n",
    "not_yaml": b"a: [1, 2\nb: 3\n",
    "not_utf8": "标准: 45".encode("gb18030"),
    "too_large": b"#" * (MAX_BYTES + 1),
    "too_deep": b"a: " + b"[" * 40 + b"]" * 40,
    "not_a_mapping": b"- 1\n- 2\n",
}


@pytest.mark.parametrize("code", sorted(HOSTILE))
def test_hostile_files_are_refused(code: str) -> None:
    with pytest.raises(Fault) as caught:
        read(HOSTILE[code], "standards/local.yaml")
    finding = caught.value.finding
    assert finding.code == code
    for sentence in MESSAGES[code]:
        assert "standards/local.yaml" in sentence.format(**finding.parameters)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(Fault) as caught:
        read("\n".join(layers).encode(), "bomb.yaml")
    assert caught.value.finding.code == "alias"


@pytest.mark.parametrize(
    "text", ["a: .inf", "a: .nan", "a: !!binary aGk=", "<<: {a: 1}", "? [a]\n: 1", "a: 2026-13-01"]
)
def test_odd_scalars_and_keys_are_refused(text: str) -> None:
    with pytest.raises(Fault):
        read(text.encode(), "x.yaml")


def test_lines_and_whole_number_keys_are_kept() -> None:
    data = read(b"topic: t\n\nvalues:\n  2026: 1\n  '11': 2\n", "x.yaml")
    values = data["values"]
    assert isinstance(values, Mapping)
    assert (data.lines["values"], values.lines["2026"]) == (3, 4)
    assert values.numbers == {"2026": 2026}


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_mapping_or_a_fault(content: bytes) -> None:
    try:
        assert isinstance(read(content, "x.yaml"), Mapping)
    except Fault as stopped:
        code = stopped.finding.code
        assert MESSAGES[code][0].format(**stopped.finding.parameters)
