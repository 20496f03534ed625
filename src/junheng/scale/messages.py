"""Sentences of the room that works over many counties."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "scale.making": ("正在生成合成数据", "Making synthetic data"),
    "scale.counting": ("正在逐县计算", "Working county by county"),
    "scale.joining": ("正在汇总各省与全国", "Adding up provinces and nation"),
    "scale.writing": ("正在写出结果", "Writing results"),
    "scale.sizes": (
        "{counties} 个县、{schools} 所学校不成比例：每县至少 2 所，平均不超过 1249 所。",
        "{counties} counties and {schools} schools do not fit: at least 2 a county, at most 1249 on average.",
    ),
    "scale.folder_taken": (
        "{path} 里已有文件；请换一个空文件夹，不会覆盖。",
        "{path} already holds files; choose an empty folder, nothing is overwritten.",
    ),
    "scale.no_partitions": (
        "{path} 里没有按省分区的数据（缺少含县的 areas 表）。可先用 junheng scale make 生成一份。",
        "{path} holds no partitions (a table of areas that names counties is missing). junheng scale make writes a set.",
    ),
    "scale.no_year": (
        "数据中没有 {year} 学年；现有：{known}",
        "There is no school year {year} in the data; there are: {known}",
    ),
    "scale.unreadable": (
        "文件 {path} 读不出：{detail}",
        "The file {path} cannot be read: {detail}",
    ),
    "scale.school_elsewhere": (
        "{county} 的数据里有 {count} 所学校不在本县，如 {school}；请核对区域代码。",
        "{count} schools in the data of {county} do not lie in it, as {school}; check their area codes.",
    ),
    "scale.check_failed": (
        "自检未通过：{checks}。本县结果不采用。",
        "A check of the result failed: {checks}. The county's result is not used.",
    ),
    "scale.unlike_output": (
        "{table} 的行分不清属于哪个县，不能合并。",
        "Rows of {table} cannot be told apart by county.",
    ),
    "scale.error": (
        "计算出错（{kind}：{detail}），试了 {attempts} 次",
        "Failed ({kind}: {detail}) after {attempts} attempts",
    ),
    "scale.worker_lost": (
        "计算进程意外结束（可能内存不足），试了 {attempts} 次",
        "The worker process ended (out of memory, perhaps) {attempts} times",
    ),
    "scale.spark_incomplete": (
        "没有安装 {module}，不能用 Spark；请安装 junheng[spark]，或用 --engine pool。",
        "{module} is not installed, so Spark cannot be used; install junheng[spark] or use --engine pool.",
    ),
    "scale.spark_broken": (
        "Spark 不能运行 Python：{detail}",
        "Spark cannot run Python: {detail}",
    ),
    "scale.engine_unknown": (
        "没有名为“{engine}”的运行方式；可用：{known}",
        "There is no way of running called {engine}; there are: {known}",
    ),
    "scale.verb_unknown": (
        "没有名为“{verb}”的计算；可用：{known}",
        "There is nothing called {verb} to run; there are: {known}",
    ),
    "scale.other_run": (
        "{path} 里是另一次计算（{held}），与本次（{asked}）不同；请换文件夹。",
        "{path} holds another run ({held}) than the one asked for ({asked}); choose another folder.",
    ),
    "scale.county_failed": (
        "{county} {name}：{reason}",
        "{county} {name}: {reason}",
    ),
    "scale.counties_failed": (
        "{count} 个县没有算成，其余 {done} 个县的结果已写出；含有这些县的省与全国不出汇总数。",
        "{count} counties failed; the results of the other {done} are written. No totals are given for provinces and nation that contain them.",
    ),
    "scale.not_run": (
        "{path} 里没有名为 {table} 的结果",
        "{path} holds no result called {table}",
    ),
}  # fmt: skip
