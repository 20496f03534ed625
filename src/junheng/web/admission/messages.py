"""Sentences of the entries."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "entry.headline": ("本地区共有 <b>{count}</b> 项招生", "<b>{count}</b> entries in this region"),
    "entry.entries": ("招生项目", "Entries"),
    "entry.none": ("还没有招生方案", "No admission plan yet"),
    "entry.col_entry": ("招生项目", "Entry"),
    "entry.col_year": ("入学年份", "Year"),
    "entry.col_state": ("状态", "State"),
    "entry.state_draft": ("方案起草", "plan being drafted"),
    "entry.state_registering": ("登记与核验", "registering and checking"),
    "entry.state_publicity": ("公示", "on publicity"),
    "entry.state_frozen": ("已封存", "frozen"),
    "entry.state_announced": ("已公告随机源", "randomness announced"),
    "entry.state_drawn": ("已派位", "drawn"),
    "entry.state_checked": ("已核对", "checked"),
    "entry.state_published": ("已公布", "published"),
    "entry.state_closed": ("已结束", "closed"),
    "entry.changed_since": (
        "这一项刚被别人改过，请刷新后再办",
        "somebody has changed this since; reload the page",
    ),
    "entry.wrong_state": ("现在是“{state}”，不能办这一步", "this step cannot be taken while it is {state}"),
    "entry.second_person": (
        "上一步由您办理，这一步须由另一人办理",
        "you took the step before: another person must take this one",
    ),
    "entry.reason_missing": ("请写明理由", "a reason is needed"),
}
