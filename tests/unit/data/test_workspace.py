"""A workspace is a folder that opens again as it was made."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.data.frames import MONDAY, REGION, enrolment

from junheng.data import region_file
from junheng.data.workspace import Workspace
from junheng.data.workspace_messages import MESSAGES
from junheng.model import Region, words
from junheng.model.errors import BadData, WorkspaceError


def test_it_opens_as_it_was_made(tmp_path):
    region = Region(
        "990199",
        '测试"县\\',
        "Test\tcounty",
        "测试县教育局",
        "54",
        True,
        "GS（2026）1号",
        {"entry.yield": 0.98, "云": 2.0},
    )
    Workspace.create(tmp_path / "ws", region)
    assert Workspace.open(tmp_path / "ws").region == region


def test_a_new_workspace_is_empty(tmp_path):
    ws = Workspace.create(tmp_path, REGION)
    assert ws.tables() == {} and ws.versions() == [] and ws.digests() == {}
    assert ws.boundaries() is None and ws.rule_folders() == []


def test_a_second_workspace_in_the_same_folder_is_refused(tmp_path):
    Workspace.create(tmp_path, REGION)
    with pytest.raises(WorkspaceError) as caught:
        Workspace.create(tmp_path, REGION)
    assert caught.value.code == "workspace_exists"


def test_a_folder_without_region_is_no_workspace(tmp_path):
    with pytest.raises(WorkspaceError) as caught:
        Workspace.open(tmp_path)
    assert caught.value.code == "workspace_missing"
    assert str(tmp_path) in words(MESSAGES, caught.value.code, caught.value.parameters)


def test_every_fault_of_a_region_file_is_named_at_once(tmp_path):
    text = (
        'code = 990199\nschool_system = "65"\nsynthetic = "yes"\ncolour = 1\n[assumptions]\nyield = "high"\n'
    )
    (tmp_path / "region.toml").write_text(text)
    with pytest.raises(BadData) as caught:
        Workspace.open(tmp_path)
    codes = {(finding.code, finding.column) for finding in caught.value.findings}
    assert codes == {
        ("region_code", "code"),
        ("region_text", "name"),
        ("region_system", "school_system"),
        ("region_flag", "synthetic"),
        ("region_unknown_name", "colour"),
        ("region_number", "assumptions.yield"),
    }
    for finding in caught.value.findings:
        assert words(MESSAGES, finding.code, finding.parameters, "en")


def test_the_units_above_are_named_by_codes_the_region_begins_with(tmp_path):
    content = {"code": "990101", "name": "甲县", "above": {"9901": "乙市", "99": "丙省"}}
    region = region_file.from_mapping(content)
    assert region.above == {"99": "丙省", "9901": "乙市"}
    region_file.write(tmp_path / "region.toml", region)
    assert region_file.read(tmp_path / "region.toml") == region
    for wrong in ({"88": "丁省"}, {"990101": "甲县"}, {"99": 5}):
        with pytest.raises(BadData) as refused:
            region_file.from_mapping({**content, "above": wrong})
        assert [finding.code for finding in refused.value.findings] == ["region_above"]


def test_a_region_file_that_is_no_toml_is_refused(tmp_path):
    (tmp_path / "region.toml").write_bytes('code = "990199"\nname = 测试'.encode("gb18030"))
    with pytest.raises(WorkspaceError) as caught:
        region_file.read(tmp_path / "region.toml")
    assert caught.value.code == "region_unreadable"


def test_boundaries_are_kept_and_counted_among_the_digests(tmp_path):
    ws = Workspace.create(tmp_path, REGION)
    ws.commit({"enrolment": enrolment({("a", 2025, "G01"): 30})}, at=MONDAY)
    ws.set_boundaries({"type": "FeatureCollection", "features": []})
    assert ws.boundaries() == {"type": "FeatureCollection", "features": []}
    assert set(ws.digests()) == {"enrolment", "boundaries"}


def test_boundaries_that_are_no_geojson_are_refused(tmp_path):
    ws = Workspace.create(tmp_path, REGION)
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "areas.geojson").write_text('{"type": "Feature"}')
    with pytest.raises(WorkspaceError) as caught:
        ws.boundaries()
    assert caught.value.code == "boundaries_unreadable"


def test_local_rules_are_found(tmp_path):
    ws = Workspace.create(tmp_path, REGION)
    (tmp_path / "rules").mkdir()
    assert ws.rule_folders() == [tmp_path / "rules"]


@given(st.text(min_size=1), st.text(), st.dictionaries(st.text(), st.floats(allow_nan=False), max_size=3))
def test_any_name_survives_the_region_file(name, bureau, assumptions):
    region = Region("990199", name.strip() or "县", bureau=bureau, assumptions=assumptions)
    assert region_file.from_mapping(tomllib.loads(region_file.to_text(region))) == region
