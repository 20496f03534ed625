"""What tracking a plan writes: clauses, targets, how each stands, tasks to be reminded of, spending that must rise."""

from __future__ import annotations

from junheng.model.column import Table
from junheng.model.tables.forecast_outputs import output_column
from junheng.model.tables.monitoring_outputs import AREA, LEVEL, REASON_PARAMETERS, RUN, STAGE, VERIFIED

DOCUMENT = output_column(
    "document", "code", "文件", "document", about=("政策或规划的标识", "Id of the policy or plan")
)
CLAUSE = output_column(
    "clause",
    "code",
    "条款",
    "clause",
    about=("条款编号，与文件一致", "Number of the clause as in the document"),
)
TARGET = output_column(
    "target", "code", "目标", "target", about=("条款内目标的编号", "Number of the target within the clause")
)
INDICATOR = output_column("indicator", "code", "指标", "indicator")
REASON = output_column("reason", "code", "理由", "why", about=("结论的理由代码", "Code of the reason"))
EVIDENCE = output_column(
    "evidence",
    "text",
    "应附材料",
    "evidence",
    about=("应当提供的材料，以分号分隔", "What is to be attached, separated by semicolons"),
)

POLICY_CLAUSES = Table(
    "policy_clauses",
    "政策条款",
    "clauses of policies",
    "每条条款一行：由什么落实、能否测量、按本区域数据处于什么状态、应附什么材料",
    "One row for each clause: what delivers it, whether it can be measured, how it stands on the region's data, what to attach",
    key=("run", "document", "clause"),
    role="output",
    columns=(
        RUN, DOCUMENT, CLAUSE,
        output_column("position", "integer", "次序", "position", about=("在文件中的次序", "Place within the document")),
        output_column("title", "text", "标题", "title"),
        output_column("force", "code", "力度", "force", about=("must、strive 或 encourage", "must, strive or encourage")),
        output_column("rooms", "text", "相关工作", "rooms", about=("有关的业务，以分号分隔", "Rooms that have a part, separated by semicolons")),
        output_column("standing", "code", "落实方式", "standing", about=("delivered、partly、tracked 或 open", "delivered, partly, tracked or open")),
        output_column("delivered_by", "text", "由什么落实", "delivered by", about=("种类:名称，以分号分隔", "kind:name, separated by semicolons")),
        output_column("status", "code", "状态", "status", about=("met、on_course、off_course、no_data 或 not_measurable", "met, on_course, off_course, no_data or not_measurable")),
        REASON, REASON_PARAMETERS,
        output_column("n_targets", "integer", "目标数", "targets", about=("参与判断的目标数", "Targets judged")),
        output_column("n_met", "integer", "达到目标数", "targets met"),
        output_column("n_off", "integer", "偏离目标数", "targets off course"),
        output_column("n_no_data", "integer", "无数据目标数", "targets without data"),
        output_column("measurable", "flag", "可测量", "measurable", about=("是否有可判断的目标", "Whether it has a target to judge")),
        output_column("has_data", "flag", "有数据", "has data", about=("本区域是否有所需数据", "Whether the region has the data")),
        output_column("tasks_overdue", "integer", "逾期任务数", "tasks overdue"),
        EVIDENCE,
    ),
)  # fmt: skip

POLICY_TARGETS = Table(
    "policy_targets",
    "政策目标",
    "targets of policies",
    "每个目标一行：指标、运算符、数值、单位、期限、范围，以及同一目标的其他说法与按哪一处判断",
    "One row for each target: indicator, operator, value, unit, date, scope, and by which of several readings it is judged",
    key=("run", "document", "clause", "target"),
    role="output",
    columns=(
        RUN, DOCUMENT, CLAUSE, TARGET, INDICATOR,
        output_column("op", "code", "运算符", "operator"),
        output_column("value", "number", "数值", "value", about=("以单位计；比例为小数；方向性要求为空", "In its unit, shares as fractions; empty for a direction")),
        output_column("unit", "code", "单位", "unit"),
        output_column("basis", "code", "口径", "basis"),
        output_column("by", "date", "期限", "date"),
        output_column("earliest", "date", "最早期限", "earliest date"),
        output_column("hold", "code", "保持", "hold", about=("at_date（到期达到）或 every_year（每年保持）", "at_date or every_year")),
        output_column("force", "code", "力度", "force"),
        output_column("scope", "text", "范围", "scope", about=("JSON", "JSON")),
        output_column("judged_by", "text", "按哪一处判断", "judged by", about=("同一目标有几种说法时，按哪一处判断", "Where a target is said in several places, the one it is judged by")),
        output_column("differs", "text", "说法差异", "differs in", about=("各处说法不同的方面，以分号分隔", "In what the readings differ, separated by semicolons")),
        output_column("measured_by", "code", "测量方式", "measured by", about=("computed（由报表算出）、reported（外部填报）或空", "computed from tables, reported, or empty")),
        output_column("has_data", "flag", "有数据", "has data"),
    ),
)  # fmt: skip

TARGET_PROGRESS = Table(
    "target_progress",
    "目标进展",
    "progress of targets",
    "每个目标对全区域及其各区县各一行：现值、路径要求的值、还差多少（按自然单位）、每年还需多少、结论",
    "One row for each target, for the region and each area of it: value, what the path asks, what is missing in natural units, the step still needed, status",
    key=("run", "document", "clause", "target", "level", "area"),
    role="output",
    columns=(
        RUN, DOCUMENT, CLAUSE, TARGET, INDICATOR, LEVEL, AREA,
        output_column("year", "year", "数据年份", "year of the figure"),
        output_column("value", "number", "现值", "value", about=("逐校逐人判断的目标为最差的一个", "For targets judged unit by unit, the worst")),
        output_column("num", "number", "分子", "numerator"),
        output_column("den", "number", "分母", "denominator"),
        output_column("op", "code", "运算符", "operator"),
        output_column("wanted", "number", "目标值", "target value"),
        output_column("unit", "code", "单位", "unit"),
        output_column("by", "date", "期限", "date"),
        output_column("expected", "number", "路径值", "on the path", about=("按年度路径或直线，数据年份应达到的值", "What the yearly path, or a straight line, asks in the year of the figure")),
        output_column("baseline", "number", "基期值", "baseline"),
        output_column("baseline_year", "year", "基期年份", "baseline year"),
        output_column("step_needed", "number", "每年还需", "step needed a year"),
        output_column("step_recent", "number", "近三年年均", "mean step of three years"),
        output_column("contracted", "number", "已签约", "under contract", about=("期限前将交付的已签约数量", "Under contract for delivery before the date")),
        output_column("short", "number", "还差", "missing", about=("距目标值还差多少，按自然单位", "What is missing to the target in natural units")),
        output_column("short_unit", "code", "差额单位", "unit of what is missing"),
        output_column("n_units", "integer", "单位数", "units"),
        output_column("n_short", "integer", "未达单位数", "units short"),
        output_column("n_missing", "integer", "缺数据单位数", "units without data"),
        output_column("status", "code", "结论", "status", about=("reached、held、on_course、off_course、missed、not_due、no_baseline、no_data 或 strive", "reached, held, on_course, off_course, missed, not_due, no_baseline, no_data or strive")),
        REASON, REASON_PARAMETERS,
        output_column("warned", "flag", "提前警示", "warned", about=("一段期限中最早的日期已过而未达到", "The first day of a span has passed and it is not reached")),
        VERIFIED,
    ),
)  # fmt: skip

POLICY_REMINDERS = Table(
    "policy_reminders",
    "任务提醒",
    "reminders of tasks",
    "每项任务一行：完成、逾期、临期、受阻；时限与剩余天数",
    "One row for each task: done, overdue, due soon, blocked; its date and the days to it",
    key=("run", "document", "task_id"),
    role="output",
    columns=(
        RUN, DOCUMENT,
        output_column("task_id", "code", "任务编号", "task id"),
        CLAUSE,
        output_column("title", "text", "任务", "title"),
        output_column("unit_code", "code", "责任单位", "unit in charge"),
        output_column("owner", "text", "责任人", "owner"),
        output_column("due", "date", "时限", "due"),
        output_column("every", "code", "频次", "how often", codes="task_every"),
        output_column("state", "code", "状态", "state", about=("overdue、blocked、due_soon、open、done 或 no_date", "overdue, blocked, due_soon, open, done or no_date")),
        output_column("days", "integer", "剩余天数", "days left", about=("负数为逾期天数", "Negative: days overdue")),
        output_column("last_reported", "date", "最近报告", "last reported"),
        output_column("last_status", "code", "最近进展", "last state", codes="task_status"),
        INDICATOR, EVIDENCE,
    ),
)  # fmt: skip

SPENDING_RISES = Table(
    "spending_rises",
    "教育投入增减",
    "rises of education spending",
    "一般公共预算教育支出逐年与上年比：总额、生均各自是否只增不减，哪一条更紧，明年至少多少",
    "Education spending of the general public budget against the year before: in total and per pupil, which binds, and the least next budget",
    key=("run", "area", "stage", "basis", "year"),
    role="output",
    columns=(
        RUN, AREA, STAGE,
        output_column("basis", "code", "口径", "basis", codes="finance_basis"),
        output_column("year", "year", "年度", "fiscal year"),
        output_column("spending", "number", "支出", "spending", "元 yuan"),
        output_column("spending_before", "number", "上年支出", "spending of the year before", "元 yuan"),
        output_column("pupils", "number", "学生数", "pupils", "人 pupils"),
        output_column("pupils_before", "number", "上年学生数", "pupils of the year before", "人 pupils"),
        output_column("total_kept", "flag", "总额未减", "total kept"),
        output_column("per_pupil_kept", "flag", "生均未减", "per pupil kept"),
        output_column("per_pupil_kept_blend", "flag", "生均未减（日历年）", "per pupil kept, calendar year", about=("学生按上年秋季八个月、本年秋季四个月折算", "Pupils blended from eight months of last autumn's and four of this one's")),
        output_column("blend_differs", "flag", "口径影响结论", "basis changes the verdict"),
        output_column("binds", "code", "更紧的一条", "which binds", about=("total、per_pupil 或 both", "total, per_pupil or both")),
        output_column("next_pupils", "number", "下年学生数", "pupils of the next year", "人 pupils"),
        output_column("least_next", "number", "下年至少", "least next budget", "元 yuan", about=("两条都不破的最小下年支出", "The least that keeps both next year")),
    ),
)  # fmt: skip

TABLES = (POLICY_CLAUSES, POLICY_TARGETS, TARGET_PROGRESS, POLICY_REMINDERS, SPENDING_RISES)
