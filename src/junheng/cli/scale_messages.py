"""What `junheng scale` says."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "cli.scale_made": (
        "已写出 {provinces} 个省、{counties} 个县、{schools} 所学校的合成数据：{path}",
        "Wrote {schools} synthetic schools of {counties} counties in {provinces} provinces to {path}",
    ),
    "cli.scale_run": (
        "共 {counties} 个县：新算 {made}，未变沿用 {kept}，未算成 {failed}",
        "Counties {counties}: worked out {made}, unchanged and kept {kept}, failed {failed}",
    ),
    "cli.scale_headings": ("县级结论|个数", "status by county|count"),
}  # fmt: skip
