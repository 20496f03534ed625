"""Sentences of `junheng monitoring plan-to-pass` and `watch`."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli.plan_working": ("正在求最省的达标方案 …", "Working out the cheapest way to pass …"),
    "cli.plan_levers": (
        "{path} 中的办法有 {count} 处错误，或没有 improvement_levers 表。",
        "Faults in the ways of {path}: {count}, or there is no table improvement_levers.",
    ),
    "cli.plan_horizon": (
        "期限写成 2026,2029 这样的两个学年（起、止），不能写成 {value}。",
        "Write the horizon as two school years, from and to, as 2026,2029, not as {value}.",
    ),
    "cli.plan_proved": (
        "方案 {measures} 项办法，费用 {cost}；已证明没有更省的方案。",
        "{measures} measures, cost {cost}; proved that nothing cheaper passes.",
    ),
    "cli.plan_within": (
        "方案 {measures} 项办法，费用 {cost}；任何方案不少于 {bound}，即至多还能省 {gap}。",
        "{measures} measures, cost {cost}; no plan costs less than {bound}, so at most {gap} could still be saved.",
    ),
    "cli.plan_pupils_fixed": (
        "下限只与减少同样学生数的方案相比；不论减多少学生，任何方案不少于 {bound}。",
        "That bound is among plans that take the same pupils away; of all plans none costs less than {bound}.",
    ),
    "cli.plan_infeasible": (
        "现有办法不能使全部达标：差距见下表。",
        "The levers there are cannot make everything pass: what stays missing is below.",
    ),
    "cli.plan_unpriced": (
        "办法没有价格：依次求新增教师、㎡、多媒体教室、设备（元）、其他办法最少 {cost}。",
        "Levers have no prices: fewest new teachers, then ㎡, rooms, yuan of equipment, other measures: {cost}.",
    ),
    "cli.plan_verified": (
        "按方案改动后的数据重新评估：各校与各差异系数全部达到。",
        "Assessed anew on the planned data: every school and every coefficient passes.",
    ),
    "cli.plan_unknown": (
        "按方案改动后的数据重新评估：没有未达标的，但有 {count} 处缺数据，尚不能判断。",
        "Assessed anew on the planned data: nothing fails, but {count} verdicts lack data.",
    ),
    "cli.plan_title": ("达标方案（{count} 项，按先后）", "The plan ({count} measures, in order)"),
    "cli.plan_headings": (
        "先后|学校|学段|办法|提高量|费用|见效学年|交出学校|为了|预算内",
        "order|school|stage|measure|adds|cost|ready|from|for|funded",
    ),
    "cli.plan_for_school": ("本校达标", "the school"),
    "cli.plan_for_balance": ("全县均衡", "the county's balance"),
    "cli.plan_nothing_needed": (
        "各校与各差异系数已全部达到，不需要办法。",
        "Every school and every coefficient passes already; no measure is needed.",
    ),
    "cli.plan_out_of_reach": (
        "{school} {stage} {item}：尚差 {missing}",
        "{school} {stage} {item}: {missing} missing",
    ),
    "cli.plan_budget": (
        "预算 {budget} 够 {schools} 所学校（{spent}）；仍未达标：{unmet} 所，差异系数 {coefficients} 项。",
        "The budget of {budget} pays for {schools} schools ({spent}); still failing: {unmet} schools, {coefficients} coefficients.",
    ),
    "cli.plan_break": (
        "只靠现有资源：最早 {year} 年 {school} {stage} {item} 跌破（{path}）；共 {count} 处。",
        "With what there is: first {school} {stage} {item} in {year} ({path}); {count} in all.",
    ),
    "cli.path_central": ("预测中位数", "central path"),
    "cli.path_upper": ("预测高位", "upper path"),
    "cli.watch_working": ("正在查看历年指标 …", "Looking at the indicators over the years …"),
    "cli.watch_title": ("监测预警（{count} 条）", "Warnings ({count})"),
    "cli.watch_headings": ("类别|指标|单位|学段|涉及学生|说明", "kind|indicator|unit|stage|pupils|why"),
    "cli.watch_margin": ("临界", "near the line"),
    "cli.watch_worse": ("连年变差", "getting worse"),
    "cli.watch_will_break": ("将跌破", "will break"),
    "cli.watch_data": ("数据存疑", "doubtful data"),
}
