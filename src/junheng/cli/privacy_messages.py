"""Sentences of `junheng audit`, `privacy` and `access`."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "privacy_cli.sound": (
        "审计记录完整：{events} 条，链头 {events}:{head}（请打印或另行留存）。",
        "The audit trail holds: {events} events, head {events}:{head} (print it, or keep it elsewhere).",
    ),
    "privacy_cli.broken": ("审计记录不完整：{cause}。", "The audit trail does not hold: {cause}."),
    "privacy_cli.exported": (
        "已导出 {events} 条到 {file}，SHA-256 {sha256}",
        "{events} events written to {file}, SHA-256 {sha256}",
    ),
    "privacy_cli.deleted": ("已删除或抹去 {count} 项。", "{count} entries deleted or erased."),
    "privacy_cli.rotated": (
        "已用现行密钥重新加密 {count} 个值。",
        "{count} values sealed anew with the present key.",
    ),
    "privacy_cli.noted": ("事件已登记。", "The incident is on record."),
    "privacy_cli.written": ("已写入 {file}", "Written to {file}"),
    "privacy_cli.not_ready": (
        "{path} 的数据库还没有准备好，请先运行 junheng serve。",
        "The database of {path} is not ready; run junheng serve first.",
    ),
    "privacy_cli.known_form": (
        "--known 的形式是 序号:64 位摘要。",
        "--known takes a number, a colon and the 64 signs of the digest.",
    ),
    "privacy_cli.day_form": ("日期 {day} 应写作 YYYY-MM-DD。", "The day {day} must be written YYYY-MM-DD."),
}
