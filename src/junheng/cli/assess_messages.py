"""Sentences of `junheng monitoring assess`."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli.assessing": ("正在逐项判断 …", "Judging item by item …"),
    "cli.assess_format": (
        "报告只能写成 {known}，不能写成 {path}。",
        "A report is written as {known}, not as {path}.",
    ),
    "cli.assess_no_data": (
        "工作区里既没有学校条件（school_years）也没有在校生（enrolment），无从评估；请先导入。",
        "The workspace has neither school conditions (school_years) nor enrolment; import them first.",
    ),
    "cli.assess_title": ("未达标与未查验的项目（{count}）", "Items not met or not examined ({count})"),
    "cli.assess_headings": (
        "编号|项目|学段|要求|结果|结论|说明",
        "no.|item|stage|requirement|value|result|why",
    ),
    "cli.assess_state": ("所处环节：{state}；其后：{then}。", "Stands at: {state}; next: {then}."),
}
