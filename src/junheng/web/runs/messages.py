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
    "runs.reason_needed": (
        "请写明发布理由，它将记入审计记录。",
        "Please say why it is published; the reason is kept in the audit trail.",
    ),
    "runs.does_not_hold": (
        "运行 {run} 核验未通过，不能发布。请重新测算。",
        "Run {run} did not come out the same when computed again and cannot be published. Compute it anew.",
    ),
    "runs.review": ("复核", "Review"),
    "runs.publish": ("发布", "Publish"),
    "runs.todo_review": ("年度运行 {run} 待复核", "Annual run {run} waits to be reviewed"),
    "runs.todo_publish": (
        "年度运行 {run} 已复核，待发布",
        "Annual run {run} is reviewed and waits to be published",
    ),
    "runs.occasion_published": ("年度运行 {run} 发布", "Annual run {run} published"),
    "runs.told_review": (
        "运行 {run} 已复核，请您发布。",
        "Run {run} has been reviewed; it is yours to publish.",
    ),
    "runs.told_published": ("运行 {run} 已发布。", "Run {run} has been published."),
    "runs.told_differs": (
        "运行 {run} 核验未通过：重算结果与存档不同。",
        "Run {run} does not hold: computing it again gave another result.",
    ),
    "runs.no_basis": (
        "运行 {run} 由较早的版本生成，只保存了当时的报告文件，不能再生成其他形式。请重新测算后导出。",
        "Run {run} was made by an earlier version that kept only its own files; other forms cannot be made. Compute it anew.",
    ),
    "runs.inputs_gone": (
        "运行 {run} 所用的数据版本已不在工作区，不能重新生成报告。",
        "The data version run {run} was made from is no longer in the workspace, so its report cannot be made again.",
    ),
    "runs.file_changed": (
        "运行 {run} 的文件 {file} 与记录不符，已被改动或损坏，不予打开。请从备份恢复，或重新测算。",
        "File {file} of run {run} is not what its record says: it was altered or damaged and is not opened. Restore it from a backup or compute anew.",
    ),
}
