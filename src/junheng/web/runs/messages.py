"""Sentences about runs."""

MESSAGES: dict[str, tuple[str, str]] = {
    "runs.provenance": (
        "运行 {run} · 数据 {version} · 规则 {rules} · 种子 {seed} · 版本 {software} · 可复算",
        "Run {run} · data {version} · rules {rules} · seed {seed} · version {software} · can be recomputed",
    ),
    "runs.newer": (
        "数据已更新，本页仍以 {version} 版数据算出。",
        "Data have changed since; this page was computed from version {version}.",
    ),
    "runs.rerun": ("重新测算", "Compute again"),
    "runs.state_draft": ("草稿", "draft"),
    "runs.state_reviewed": ("已复核", "reviewed"),
    "runs.state_published": ("已发布", "published"),
    "runs.state_superseded": ("已被替代", "superseded"),
    "runs.verb_year": ("年度运行", "annual run"),
    "runs.verb_scenario": ("情景", "scenario"),
    "runs.two_people": (
        "复核与发布须由两人完成：运行 {run} 由您复核，请由另一位同事发布。",
        "Review and publication take two people: you reviewed run {run}, so a colleague must publish it.",
    ),
    "runs.wrong_state": (
        "运行 {run} 的状态已变，请刷新页面后再操作。",
        "The state of run {run} has changed; reload the page and try again.",
    ),
}
