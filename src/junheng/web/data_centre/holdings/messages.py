"""Sentences about what is held: tables with what each is for, templates, versions, doubts."""

MESSAGES: dict[str, tuple[str, str]] = {
    "data_centre.tab_index": ("概况", "Overview"),
    "data_centre.tab_progress": ("填报", "Collections"),
    "data_centre.tab_uploads": ("导入", "Imports"),
    "data_centre.tab_versions": ("版本", "Versions"),
    "data_centre.tab_doubts": ("疑点", "Doubts"),
    "data_centre.headline_empty": (
        "{unit}还没有数据：先下载模板，或直接导入现成的表格。",
        "{unit} has no data yet: take a template, or bring in the tables you have.",
    ),
    "data_centre.headline_lacking": (
        "{all} 张表已有 {filled} 张，还缺<b>{lacking}</b>。",
        "{filled} of {all} tables are held; still missing: <b>{lacking}</b>.",
    ),
    "data_centre.headline_complete": (
        "测算学位所需的表都已齐备（{all} 张表已有 {filled} 张）。",
        "All tables needed to tell seats are held ({filled} of {all} tables).",
    ),
    "data_centre.headline_collecting": (
        "{name}：{all} 所学校已报 <b>{done} 所</b>（{share}），{due} 截止。",
        "{name}: <b>{done}</b> of {all} schools have submitted ({share}); due {due}.",
    ),
    "data_centre.headline_collecting_late": (
        "{name}：{all} 所学校已报 <b>{done} 所</b>（{share}），<b>{late} 所</b>逾期未报。",
        "{name}: <b>{done}</b> of {all} schools have submitted ({share}); <b>{late}</b> are late.",
    ),
    "data_centre.headline_school": (
        "{name}：<b>{state}</b>，{due} 截止。",
        "{name}: <b>{state}</b>; due {due}.",
    ),
    "data_centre.headline_school_late": (
        "{name}：<b>{state}</b>，已过 {due} 的截止日。",
        "{name}: <b>{state}</b>; the last day was {due}.",
    ),
    "data_centre.light_collection": ("{name} {done}/{all}", "{name} {done}/{all}"),
    "data_centre.light_missing": ("缺“{table}”", "{table} missing"),
    "data_centre.template": ("模板", "Template"),
    "data_centre.template_usual": ("下载常用模板", "Usual templates"),
    "data_centre.template_asked": ("下载空白模板（代码已填好）", "Blank template with codes filled in"),
    "data_centre.template_filled": ("下载现有数据来改", "Take the present data to mend"),
    "data_centre.template_name": ("数据模板", "template"),
    "data_centre.download_rows": ("下载数据", "Download rows"),
    "data_centre.bring": ("导入表格", "Bring in tables"),
    "data_centre.empty_title": ("还没有数据", "No data yet"),
    "data_centre.empty_text": (
        "下载模板填写后导入；已有 Excel 或 CSV 表格的，可以直接导入，再说明哪一列是什么。",
        "Fill in a template and bring it in. If you have Excel or CSV tables, bring them in as they are and say which column is what.",
    ),
    "data_centre.no_collection_yet": (
        "本学年还没有向学校布置填报。",
        "Schools have not been asked for tables this school year.",
    ),
    "data_centre.tables_caption": ("{group}（{count} 张表）", "{group} ({count} tables)"),
    "data_centre.col_table": ("表", "Table"),
    "data_centre.col_table_use": ("表与用途", "Table and use"),
    "data_centre.use": ("用来{purpose}。", "Used to {purpose}. "),
    "data_centre.col_rows": ("行数", "Rows"),
    "data_centre.col_years": ("年份", "Years"),
    "data_centre.col_version": ("版本", "Version"),
    "data_centre.col_template": ("模板", "Template"),
    "data_centre.unit_rows": ("行", "rows"),
    "data_centre.unit_places": ("处", "places"),
    "data_centre.unit_schools": ("所", "schools"),
    "data_centre.missing": ("缺", "missing"),
    "data_centre.not_given": ("未提供", "not given"),
    "data_centre.method_year": ("年份", "Years"),
    "data_centre.method_year_text": (
        "学年以开始的公历年计：2025 指 2025 年 9 月至 2026 年 8 月；出生、人口用公历年。",
        "A school year is named by the calendar year in which it begins: 2025 is September 2025 to August 2026. Births and population use calendar years.",
    ),
    "data_centre.method_rows": ("行数", "Rows"),
    "data_centre.method_rows_text": (
        "本单位及其下各单位在最新版本中的行数。版本指最近一次改动该表的那次导入。",
        "Rows of this unit and those below it in the newest version. Version is the import that last changed the table.",
    ),
    "data_centre.table_headline": (
        "{unit}的“{table}”表现有 <b>{rows} 行</b>。",
        "{table}: {unit} holds <b>{rows} rows</b>.",
    ),
    "data_centre.table_headline_year": (
        "{unit}的“{table}”表现有 <b>{rows} 行</b>，下面是 {year}的。",
        "{table}: {unit} holds <b>{rows} rows</b>; those of {year} are shown.",
    ),
    "data_centre.table_empty": ("“{table}”还没有数据", "No rows in {table} yet"),
    "data_centre.columns_caption": ("每一列是什么", "What each column is"),
    "data_centre.rows_caption": ("现有数据", "Rows held"),
    "data_centre.col_column": ("列", "Column"),
    "data_centre.col_about": ("含义", "Meaning"),
    "data_centre.col_kind": ("类型", "Kind"),
    "data_centre.col_required": ("必填", "Required"),
    "data_centre.required": ("必填", "required"),
    "data_centre.method_told_by": ("一行由什么确定", "What tells rows apart"),
    "data_centre.kind_code": ("代码", "code"),
    "data_centre.kind_text": ("文字", "text"),
    "data_centre.kind_integer": ("整数", "whole number"),
    "data_centre.kind_number": ("数", "number"),
    "data_centre.kind_year": ("年份", "year"),
    "data_centre.kind_month": ("月份", "month"),
    "data_centre.kind_share": ("0 至 1 的小数", "share, 0 to 1"),
    "data_centre.kind_date": ("日期", "date"),
    "data_centre.kind_flag": ("是或否", "yes or no"),
    "data_centre.yes": ("是", "yes"),
    "data_centre.no": ("否", "no"),
    "data_centre.all": ("全部", "all"),
    "data_centre.choose": ("请选择", "choose"),
    "data_centre.severity_error": ("错误", "fault"),
    "data_centre.severity_warning": ("提醒", "doubt"),
    "data_centre.severity_note": ("说明", "note"),
    "data_centre.doubts_headline": (
        "{unit}现有数据有 <b>{errors} 处错误</b>、<b>{warnings} 处提醒</b>待核对。",
        "The data of {unit} hold <b>{errors} faults</b> and <b>{warnings} doubts</b> to look into.",
    ),
    "data_centre.doubts_headline_none": (
        "{unit}的现有数据没有查出疑点。",
        "The checks find nothing to doubt in the data of {unit}.",
    ),
    "data_centre.doubts_caption": ("疑点 {count} 处", "{count} doubts"),
    "data_centre.doubts_none_here": ("没有符合条件的疑点。", "No doubt of this kind."),
    "data_centre.method_doubts": ("疑点", "Doubts"),
    "data_centre.method_doubts_text": (
        "对最新版本做的检查：重复、代码不存在、年际突变十倍以上、班额异常、合计不符等；只提示，不改数据。",
        "Checks of the newest version: repeated rows, unknown codes, changes tenfold or more within a year, implausible class sizes, totals that do not add up. They point out and change nothing.",
    ),
    "data_centre.col_severity": ("轻重", "Gravity"),
    "data_centre.col_unit": ("单位", "Unit"),
    "data_centre.col_doubt": ("疑点与处理", "Doubt and what to do"),
    "data_centre.versions_headline": (
        "最新版本 <b>{version}</b>，{at} 导入；共 {count} 个版本，随时可以回到任何一个。",
        "The newest version is <b>{version}</b> of {at}; {count} versions are kept and any can be had back.",
    ),
    "data_centre.versions_headline_none": ("还没有任何版本。", "There is no version yet."),
    "data_centre.versions_none": ("还没有导入过数据", "Nothing has been imported yet"),
    "data_centre.versions_caption": ("每次导入成一个版本", "Every import makes a version"),
    "data_centre.restored_from": ("回到 {version}", "back to {version}"),
    "data_centre.method_version": ("版本", "Version"),
    "data_centre.method_version_text": (
        "一次导入成一个版本，全部成功或全部不做；旧版本从不删除。",
        "One import makes one version, all or nothing; old versions are never deleted.",
    ),
    "data_centre.method_compare": ("比较", "Comparison"),
    "data_centre.method_compare_text": (
        "按每张表的主键比较两个版本：主键新出现为新增，数值不同为更改，不再出现为删除。",
        "Two versions are compared by each table's key: a new key is added, other values are changed, a key that is gone is removed.",
    ),
    "data_centre.version_title": ("版本 {version}", "Version {version}"),
    "data_centre.version_headline": (
        "{version} 与 {against} 相比，{tables} 张表共 <b>{rows} 行</b>不同。",
        "{version} differs from {against} in <b>{rows} rows</b> of {tables} tables.",
    ),
    "data_centre.version_headline_first": (
        "{version} 是第一个版本：{tables} 张表，共 <b>{rows} 行</b>。",
        "{version} is the first version: {tables} tables, <b>{rows} rows</b>.",
    ),
    "data_centre.version_headline_same": (
        "{version} 与 {against} 的表没有不同。",
        "{version} and {against} hold the same tables.",
    ),
    "data_centre.version_lead": ("{at} · {who} · {note}", "{at} · {who} · {note}"),
    "data_centre.nothing_before": ("空白", "nothing"),
    "data_centre.command_line": ("命令行", "command line"),
    "data_centre.compare_with": ("与哪个版本比较", "Compare with"),
    "data_centre.difference_caption": ("与 {against} 相比（全区域）", "Against {against}, whole region"),
    "data_centre.no_difference": ("没有不同。", "No difference."),
    "data_centre.cells_caption": ("更改的数值（本单位范围）", "Values changed, in this unit"),
    "data_centre.difference_note": ("显示前 {count} 处。", "The first {count} are shown."),
    "data_centre.col_added": ("新增", "Added"),
    "data_centre.col_changed": ("更改", "Changed"),
    "data_centre.col_removed": ("删除", "Removed"),
    "data_centre.col_row": ("行", "Row"),
    "data_centre.col_note": ("说明与文件", "Note and files"),
    "data_centre.col_was": ("原值", "Was"),
    "data_centre.col_is": ("新值", "Is"),
    "data_centre.version_files": ("下载这个版本的表", "Tables of this version"),
    "data_centre.restore": ("回到这个版本", "Go back to this version"),
    "data_centre.restore_text": (
        "各表恢复为这个版本的内容，记为一个新版本；其后的版本仍然保留，随时可以再回去。",
        "All tables become what they were, as a further version; later versions are kept and can be had back.",
    ),
    "data_centre.restore_handed_in": (
        "现有 {count} 份已提交的填报，其状态不变，但数据可能与提交时不同：请随后逐一核对。",
        "{count} submissions keep their state, but the data may differ from what was handed in: look through them afterwards.",
    ),
    "data_centre.restore_newest": (
        "{version} 就是最新版本，不需要恢复。",
        "{version} is the newest version already.",
    ),
    "data_centre.newer_version": (
        "刚有人导入了新版本 {version}。请刷新页面、看过差别后再决定。",
        "Somebody has just made version {version}. Reload, look at the difference, then decide.",
    ),
    "data_centre.restoring": ("正在回到 {version}。", "Going back to {version}."),
    "data_centre.verb_restore": ("回到旧版本", "Go back to a version"),
    # ---- what each table is for
    "data_centre.for_areas": (
        "划分片区、画地图，一切按区域的数字都从它汇总",
        "divide the region and draw maps; every figure by area adds up over it",
    ),
    "data_centre.without_areas": (
        "没有它不能分片区预测，也没有地图。",
        "Without it no forecast by area and no map.",
    ),
    "data_centre.for_schools": (
        "列出每所学校的类型、位置和所在片区，预测与预警按它到校",
        "list each school with kind, place and area, so that forecasts reach the school",
    ),
    "data_centre.without_schools": ("没有它不能按校预测。", "Without it no forecast by school."),
    "data_centre.for_campuses": (
        "多校区的学校分别计算距离和学位",
        "count distance and seats of each campus on its own",
    ),
    "data_centre.without_campuses": (
        "没有它，多校区学校按一处计算。",
        "Without it a school of several campuses counts as one place.",
    ),
    "data_centre.for_seats": (
        "由班数、教室和批准数得出每校现有与将来的学位",
        "tell each school's seats, now and to come, from classes, rooms and approvals",
    ),
    "data_centre.without_seats": (
        "没有它不能算缺口和预警（在校生表有班数时按班数估算）。",
        "Without it no gaps or warnings, unless enrolment counts classes.",
    ),
    "data_centre.for_school_events": (
        "把合并、更名、迁址前后的学校连起来看",
        "follow a school through merger, new name or move",
    ),
    "data_centre.without_school_events": (
        "没有它，合并或更名前后会被当成两所学校。",
        "Without it a merged or renamed school counts as two.",
    ),
    "data_centre.for_enrolment": (
        "逐校逐年级推算今后的在校生，是预测的根基",
        "carry each grade of each school forward: the ground of every forecast",
    ),
    "data_centre.without_enrolment": (
        "没有它不能预测；至少要四个学年才有可靠的区间。",
        "Without it no forecast; four school years at least for sound ranges.",
    ),
    "data_centre.for_area_enrolment": (
        "没有分校数据时，按区域合计预测",
        "forecast by area totals where nothing is counted by school",
    ),
    "data_centre.without_area_enrolment": (
        "已有分校数据时不需要。",
        "Not needed where enrolment by school is held.",
    ),
    "data_centre.for_births": (
        "推算三年后入园、六年后入学的人数",
        "tell who enters kindergarten in three years and school in six",
    ),
    "data_centre.without_births": (
        "没有它只能看到已经入学的孩子，六年以后的区间很宽。",
        "Without it only children already enrolled are seen; ranges beyond six years are wide.",
    ),
    "data_centre.for_population": (
        "用适龄儿童和育龄妇女校正入学和今后的出生",
        "correct entry and future births by children and women of child-bearing age",
    ),
    "data_centre.without_population": (
        "没有它预测照常，区间更宽。",
        "Without it the forecast stands with wider ranges.",
    ),
    "data_centre.for_housing": ("算入新建住宅小区将带来的学生", "count the pupils new housing will bring"),
    "data_centre.without_housing": (
        "没有它，新区的增长要等学生到校才看得见。",
        "Without it growth of new estates shows only once pupils arrive.",
    ),
    "data_centre.for_grade_flows": (
        "按实际去向推算小学毕业生升入哪些初中",
        "follow leavers of each school to where they go on",
    ),
    "data_centre.without_grade_flows": (
        "没有它，升学去向按区域估计。",
        "Without it where leavers go is guessed by area.",
    ),
    "data_centre.for_area_links": (
        "判断相邻片区能否互相调剂学位",
        "tell which neighbouring areas can share seats",
    ),
    "data_centre.without_area_links": (
        "没有它，按坐标距离估计。",
        "Without it distance is guessed from positions.",
    ),
    "data_centre.for_control_totals": (
        "让预测与上级下达或已公布的合计相符",
        "make forecasts agree with totals laid down or published",
    ),
    "data_centre.without_control_totals": (
        "只在需要与上级口径一致时提供。",
        "Only where totals from above must be met.",
    ),
    "data_centre.for_scenario_levers": (
        "保存一套情景措施，供反复比较",
        "keep a set of measures to compare again",
    ),
    "data_centre.without_scenario_levers": (
        "情景也可以在“学位预测”页面上直接设置。",
        "Scenarios can also be set on the forecast's own page.",
    ),
    "data_centre.for_school_years": (
        "逐校核对教师、用房、场地、设备是否达到要求，计算校际差异",
        "hold each school's teachers, rooms, grounds and equipment against what is required, and schools against each other",
    ),
    "data_centre.without_school_years": (
        "没有它不能做优质均衡、普及普惠的资源指标。",
        "Without it no resource indicator of balance or of preschool provision.",
    ),
    "data_centre.for_classes": ("逐班核对班额，不取平均", "judge the size of every class, never an average"),
    "data_centre.without_classes": (
        "没有它，班额只能按年级平均估计，不能判定。",
        "Without it class sizes are averages by grade, which decide nothing.",
    ),
    "data_centre.for_rooms": (
        "核对音乐、美术等专用教室的间数和面积",
        "check number and area of music, art and other special rooms",
    ),
    "data_centre.without_rooms": (
        "没有它，专用教室的条目无法判定。",
        "Without it items on special rooms cannot be decided.",
    ),
    "data_centre.for_teachers": (
        "由教师名册汇总各校各类教师数，与填报数互相核对",
        "count teachers of each kind from the roll and check what schools report",
    ),
    "data_centre.without_teachers": (
        "没有它，教师数以学校填报为准。",
        "Without it the counts schools report are all there is.",
    ),
    "data_centre.for_finance": (
        "核对经费投入：只增不减、公用经费、培训经费、教师工资",
        "check spending: never less than before, public funds, training, pay",
    ),
    "data_centre.without_finance": (
        "没有它，经费条目无法判定。",
        "Without it items on money cannot be decided.",
    ),
    "data_centre.for_reported_counts": (
        "取单位填报的分子分母：入学、巩固、交流轮岗等",
        "take what units report: enrolment, retention, exchange and the like",
    ),
    "data_centre.without_reported_counts": (
        "没有它，这些比例列为“没有数据”。",
        "Without it these shares stand as not known.",
    ),
    "data_centre.for_external_results": (
        "引用别处认定的结果，附文件与日期",
        "quote results established elsewhere, with document and date",
    ),
    "data_centre.without_external_results": (
        "没有它，相应条目列为“未审核”。",
        "Without it the items concerned stand as not examined.",
    ),
    "data_centre.for_surveys": (
        "计算满意度，作正式调查前的预演",
        "work out satisfaction as a rehearsal of the official survey",
    ),
    "data_centre.without_surveys": (
        "没有它，不能预演满意度。",
        "Without it satisfaction cannot be rehearsed.",
    ),
    "data_centre.for_evidence": (
        "登记评估条目的材料、主张和审核结果",
        "keep documents, claims and reviews of items of an assessment",
    ),
    "data_centre.without_evidence": (
        "没有它，靠材料认定的条目都算未审核。",
        "Without it every item judged by documents stands as not examined.",
    ),
    "data_centre.for_improvement_levers": (
        "按您定的价格和上限求最省的达标办法",
        "find the cheapest way to pass at your prices and limits",
    ),
    "data_centre.without_improvement_levers": (
        "没有它，只能算出每校缺多少，不能比较花费。",
        "Without it gaps are told but no costs compared.",
    ),
    "data_centre.for_policy_tasks": (
        "把规划分解到单位、责任人和时限",
        "break a plan into units, owners and dates",
    ),
    "data_centre.without_policy_tasks": (
        "没有它，只跟踪指标，不跟踪任务。",
        "Without it targets are followed, tasks are not.",
    ),
    "data_centre.for_policy_progress": ("登记任务进展", "keep what units report on their tasks"),
    "data_centre.without_policy_progress": (
        "没有它，任务进展不明。",
        "Without it nobody knows how tasks stand.",
    ),
    "data_centre.for_projects": (
        "把已签约、在建的项目计入今后各年的完成数",
        "count what is contracted or building in the year of delivery",
    ),
    "data_centre.without_projects": (
        "没有它，只能看已经完成的数量。",
        "Without it only what is done already counts.",
    ),
}
