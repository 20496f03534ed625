"""What the workspace, its versions and its runs say to people: code -> (Chinese, English)."""

from __future__ import annotations

from junheng.model.reason import Catalogue

MESSAGES: Catalogue = {
    "workspace_exists": ("{path} 已是一个工作区。", "{path} is a workspace already."),
    "workspace_missing": (
        "{path} 不是工作区（没有 region.toml）。",
        "{path} is not a workspace (no region.toml).",
    ),
    "workspace_unwritable": ("无法写入 {path}：{detail}", "Cannot write to {path}: {detail}"),
    "workspace_locked": (
        "工作区 {path} 正被另一个程序写入，请稍后再试。",
        "Another program is writing to the workspace {path}; try again shortly.",
    ),
    "region_missing": ("找不到 {path}。", "{path} is missing."),
    "region_unreadable": ("{path} 无法读取：{detail}", "{path} cannot be read: {detail}"),
    "region_faults": ("{path} 有 {count} 处错误。", "Faults in {path}: {count}."),
    "region_unknown_name": ("“{name}”不是 region.toml 的项目。", "`{name}` is not an entry of region.toml."),
    "region_code": (
        "区划代码“{value}”不对：应为 2、4、6 或 9 位数字，并加引号。",
        "Division code `{value}` is wrong: 2, 4, 6 or 9 digits, in quotes.",
    ),
    "region_text": ("“{name}”应为文字，现为“{value}”。", "`{name}` must be text, not `{value}`."),
    "region_system": (
        '学制“{value}”不对：六三填 "63"，五四填 "54"。',
        'School system `{value}` is wrong: write "63" or "54".',
    ),
    "region_flag": (
        "“{name}”应为 true 或 false，现为“{value}”。",
        "`{name}` must be true or false, not `{value}`.",
    ),
    "region_above": (
        "“{name}”应是本区域代码开头的上级代码，值为名称；现为“{value}”。",
        "`{name}` must be a code this region's code begins with, its value a name; it is `{value}`.",
    ),
    "region_number": ("“{name}”应为数字，现为“{value}”。", "`{name}` must be a number, not `{value}`."),
    "manifest_newer": (
        "{path} 由更新版本的均衡写成（格式 {format}），请先升级。",
        "{path} was written by a newer Junheng (format {format}); upgrade first.",
    ),
    "manifest_damaged": (
        "{path} 已损坏：{detail}。请从备份恢复此文件。",
        "{path} is damaged: {detail}. Restore this file from a backup.",
    ),
    "table_damaged": (
        "表 {table} 的文件 {path} 缺失或已损坏。请从备份恢复，或恢复到较早的版本。",
        "The file {path} of table {table} is missing or damaged. Restore it from a backup, or go back to an "
        "earlier version.",
    ),
    "version_unknown": (
        "没有版本 {version}。最近的版本：{known}",
        "There is no version {version}. The latest: {known}",
    ),
    "version_moved": (
        "预览时的版本是 {base}，现在最新的是 {newest}：这期间有人改动了数据。请重新预览后再确认，什么都没有导入。",
        "The preview was made on version {base}, the newest is now {newest}: the data changed meanwhile. "
        "Preview again before you confirm; nothing was imported.",
    ),
    "commit_refused": ("有 {count} 处错误，什么都没有导入。", "Faults: {count}; nothing was imported."),
    "table_unknown": ("没有名为 {table} 的表。", "There is no table called {table}."),
    "table_unfit": (
        "表 {table} 与规定的列不符：{detail}",
        "Table {table} does not fit its declaration: {detail}",
    ),
    "table_repeats_key": (
        "表 {table} 有 {count} 行的主键（{key}）重复。",
        "Table {table} repeats its key ({key}) in {count} rows.",
    ),
    "boundaries_unreadable": (
        "{path} 不是可用的 GeoJSON：{detail}",
        "{path} is not usable GeoJSON: {detail}",
    ),
    "example_unknown": (
        "没有名为 {name} 的示例区域；有：{known}",
        "There is no example region {name}; there is: {known}",
    ),
    "run_unknown": ("没有运行 {run}。最近的运行：{known}", "There is no run {run}. The latest: {known}"),
    "run_damaged": ("运行 {run} 的记录已损坏：{detail}", "The record of run {run} is damaged: {detail}"),
    "run_table_changed": (
        "运行 {run} 的表 {table} 与记录不符。",
        "Table {table} of run {run} is not what its record says.",
    ),
    "publication_path": ("不能公布路径 {path}。", "The path {path} cannot be published."),
    "publication_differs": (
        "名为 {name} 的公布版本已经存在，内容不同。",
        "An edition called {name} exists already with other content.",
    ),
    "publication_unknown": ("没有名为 {name} 的公布版本。", "There is no edition called {name}."),
    "publication_damaged": (
        "公布版本 {name} 的文件 {path} 与清单不符，不能展示。",
        "File {path} of edition {name} is not what its manifest says; it cannot be shown.",
    ),
    "run_record_changed": ("运行 {run} 的记录被改动过。", "The record of run {run} was altered."),
}
