"""Sentences about personal data: masks, periods, evidence documents."""

from __future__ import annotations

_ACTS: dict[str, tuple[str, str]] = {
    "privacy.purpose_missing": ("请写明查看的用途。", "Say what you need it for."),
    "privacy.unmask_limit": (
        "今天查看个人信息已达 {limit} 次，请明天再看；审计管理员已收到通知。",
        "You have looked at {limit} personal values today; try tomorrow. The auditors have been told.",
    ),
    "privacy.notice_unmask_limit": (
        "{username} 今天查看个人信息达到上限，请核查。",
        "{username} has reached today's limit of looking at personal values; please look into it.",
    ),
    "privacy.unknown_period": (
        "privacy.toml 中没有这个期限：{name}。",
        "privacy.toml names a period there is not: {name}.",
    ),
    "privacy.period_too_short": (
        "privacy.toml 中“{name}”须为不少于 {least} 的整数（天）。",
        "privacy.toml: {name} must be a whole number of days, not fewer than {least}.",
    ),
    "privacy.override_unreadable": ("{path} 无法读取：{detail}", "{path} cannot be read: {detail}"),
    "privacy.no_such_person": ("没有账户 {username}。", "There is no account {username}."),
}

_WORDS: dict[str, tuple[str, str]] = {
    "privacy.sensitivity_personal": ("个人信息", "personal"),
    "privacy.sensitivity_sensitive": ("敏感", "sensitive"),
    "privacy.sensitivity_minor": ("未成年人", "of a minor"),
    "privacy.period_account": ("停用账户", "stopped accounts"),
    "privacy.period_session": ("登录状态", "sessions"),
    "privacy.period_lockout": ("输错密码", "wrong passwords"),
    "privacy.period_notice": ("站内消息", "messages"),
    "privacy.period_job_log": ("任务日志", "logs of jobs"),
    "privacy.period_upload": ("未入库的上传", "uploads never committed"),
    "privacy.period_admission": ("招生登记", "admission"),
    "privacy.period_trail": ("审计记录", "audit trail"),
    "privacy.period_record": ("公务档案", "official record"),
    "privacy.basis_duty": ("法定职责", "statutory duty"),
    "privacy.basis_admission": ("法定招生职责", "statutory duty of admission"),
    "privacy.basis_security": ("网络安全义务", "cybersecurity duty"),
    "privacy.sure_second-hand": (
        "【待核：转述，引用前请核对原文】",
        "[second-hand: check the original before relying on it]",
    ),
    "privacy.no_limit": ("不定期限", "no limit of time"),
    "privacy.days": ("自{begins}起 {days} 天", "{days} days after {begins}"),
    "privacy.sealed": ("已加密存放", "held, sealed"),
    "privacy.counts_only": ("只有人数，没有个人", "counts only, no persons"),
    "privacy.by_process": ("系统进程", "a process of the desk"),
    "privacy.more_rows": ("另有 {count} 行未列出。", "{count} more rows are not shown."),
    "privacy.provenance": ("{day} 由均衡 {version} 生成", "Made on {day} by Junheng {version}"),
    "privacy.grant_proposed": ("待确认", "proposed"),
    "privacy.grant_confirmed": ("有效", "in force"),
    "privacy.grant_ended": ("已结束", "ended"),
    "privacy.grant_refused": ("未通过", "refused"),
    "privacy.flag_leaver": ("账户已停用而授权未结束", "account stopped, grant still open"),
    "privacy.flag_no_factor": ("敏感角色没有第二因素", "sensitive role without a second factor"),
    "privacy.flag_unused": ("久未登录", "not signed in for long"),
    "privacy.flag_never": ("授权后从未登录", "never signed in since"),
    "privacy.flag_ends_soon": ("即将到期", "ends soon"),
    "privacy.flag_proposed": ("待第二人确认", "waits for a second person"),
}

_FIELDS: dict[str, tuple[str, str]] = {
    "privacy.fields_report": ("个人信息字段目录", "Catalogue of personal fields"),
    "privacy.fields_headline": (
        "{tables} 张表共 {all} 个字段，其中 {personal} 个与个人有关，逐一列出用途、期限和依据。",
        "Of {all} fields in {tables} tables, {personal} are about persons; each is listed with purpose, period and ground.",
    ),
    "privacy.fields_title": ("字段", "Fields"),
    "privacy.fields_caption": ("与个人有关的字段", "Fields about persons"),
    "privacy.fields_head": (
        "表|字段|用途|敏感程度|保存期限|依据",
        "Table|Field|Purpose|Sensitivity|Kept|Ground",
    ),
    "privacy.grounds_title": ("处理依据", "Grounds"),
    "privacy.unused_title": ("说明", "Notes"),
    "privacy.unused_text": (
        "其余字段为代码、状态、计数和日期，与个人无关；程序库自带而本系统不用的表应始终为空，由保存期限报告核对。",
        "All other fields are codes, states, counts and dates. Tables that libraries bring and the desk does not use stay empty; the report on periods checks it.",
    ),
    "privacy.due_report": ("保存期限与删除", "Periods and deletion"),
    "privacy.due_headline": (
        "有 {count} 项已到期应删除，用 --apply 执行。",
        "{count} entries are due to go; --apply deletes them.",
    ),
    "privacy.due_none": ("没有到期未删的内容。", "Nothing is overdue."),
    "privacy.due_title": ("到期情况", "What is due"),
    "privacy.due_caption": ("各类内容的期限与到期数", "Periods, and how much is due"),
    "privacy.due_head": ("类别|期限|到期处理|已到期", "Kind|Period|What happens|Due"),
    "privacy.unexpected": (
        "下列应为空的表中有内容，请检查：{tables}",
        "These tables should be empty and are not: {tables}",
    ),
    "privacy.applied_title": ("最近的删除", "Recent deletions"),
    "privacy.applied_head": ("时间|办理|数量", "When|By|How much"),
    "privacy.applied_none": ("还没有执行过删除。", "Nothing has been deleted yet."),
}

_SUBJECT: dict[str, tuple[str, str]] = {
    "privacy.subject_report": ("个人信息清单", "Data on one person"),
    "privacy.subject_headline": (
        "关于{name}（{username}）的全部信息。",
        "All that is held on {name} ({username}).",
    ),
    "privacy.facts_title": ("账户", "Account"),
    "privacy.facts_head": ("项目|内容", "What|Value"),
    "privacy.fact_username": ("账户名", "account name"),
    "privacy.fact_name": ("姓名", "name"),
    "privacy.fact_unit": ("单位", "unit"),
    "privacy.fact_email": ("邮箱", "e-mail"),
    "privacy.fact_phone": ("电话", "telephone"),
    "privacy.fact_created": ("开立", "made"),
    "privacy.fact_last_login": ("最近登录", "last signed in"),
    "privacy.fact_ended": ("停用", "stopped"),
    "privacy.fact_factors": ("第二因素与恢复码", "second factors and recovery codes"),
    "privacy.fact_identity": ("统一身份标识", "identities at the unified service"),
    "privacy.fact_sessions": ("登录", "sessions"),
    "privacy.facts_none": ("没有内容。", "Nothing."),
    "privacy.grants_title": ("授权", "Grants"),
    "privacy.grants_head": ("角色|单位|期限|状态", "Role|Unit|Period|State"),
    "privacy.grants_none": ("没有授权。", "No grants."),
    "privacy.references_title": ("出现在哪些表中", "Where the person is named"),
    "privacy.references_head": ("表与字段|行数", "Table and field|Rows"),
    "privacy.references_none": ("没有。", "Nowhere."),
    "privacy.acts_title": ("本人的操作（审计记录）", "What the person did (audit trail)"),
    "privacy.acts_head": ("操作|次数", "What|Times"),
    "privacy.acts_none": ("没有记录。", "Nothing on record."),
    "privacy.about_title": ("他人对其账户的操作（审计记录）", "What others did to the account (audit trail)"),
    "privacy.about_head": ("操作|次数", "What|Times"),
    "privacy.about_none": ("没有记录。", "Nothing on record."),
    "privacy.rights_title": ("更正与删除", "Correction and deletion"),
    "privacy.rights_text": (
        "姓名、单位和联系方式由系统管理员在“人员”页更正。账户停用期满后，联系方式与鉴别信息自动删除；姓名、账户名、办理记录和审计记录属公务档案，不单独删除。",
        "The system administrator corrects name, unit and contact. When the period after stopping is over, contact and proofs of identity are erased; name, account name, records of work and the audit trail belong to the official record and stay.",
    ),
}

_MINORS: dict[str, tuple[str, str]] = {
    "privacy.minors_report": ("{year} 年未成年人个人信息合规审计材料", "Evidence on minors' data, {year}"),
    "privacy.minors_none": (
        "本系统目前不存储未成年人的个人记录，只有按学校、片区、年级、年龄汇总的人数。",
        "The desk stores no records of individual minors at present, only counts by school, area, grade and age.",
    ),
    "privacy.minors_some": (
        "本系统存储 {count} 个涉及未成年人个人的字段。",
        "The desk stores {count} fields about individual minors.",
    ),
    "privacy.minor_fields_title": ("涉及未成年人的字段", "Fields about minors"),
    "privacy.minor_fields_head": ("表|字段", "Table|Field"),
    "privacy.minor_fields_none": (
        "字段目录中没有此类字段；增加时测试会要求先行登记。因此无 14 岁以下、14–17 岁的人数可列，也无监护人同意与撤回可记。",
        "The catalogue holds none; a test demands that one is entered there before it can be added. So there are no persons under 14 or of 14 to 17 to count, and no guardians' consents or withdrawals.",
    ),
    "privacy.minor_counts_title": ("汇总人数的表", "Tables of counts"),
    "privacy.minor_counts_head": ("表|粒度", "Table|Grain"),
    "privacy.minor_counts_none": ("没有。", "None."),
    "privacy.unmasked_title": ("查看被掩盖的个人信息（按角色）", "Masked values looked at, by role"),
    "privacy.unmasked_head": ("角色|次数", "Role|Times"),
    "privacy.unmasked_none": ("本年没有查看。", "None this year."),
    "privacy.exported_title": ("导出文件（按角色）", "Files exported, by role"),
    "privacy.exported_head": ("角色|次数", "Role|Times"),
    "privacy.exported_none": ("本年没有导出。", "None this year."),
    "privacy.decisions_title": ("自动化决策", "Automated decisions"),
    "privacy.decisions_text": (
        "招生派位由程序按公布的方案和公开的随机数计算：方案、复核、封存与公布各有两人负责，每条志愿有理由，公示期内可提异议，人工安排须两人签字并留痕。其余测算只给出片区与学校的人数和学位。",
        "Admission is computed by the published plan and public randomness: two people answer for checks, freeze and publication, every application has its reason, anybody may object during publicity, and placements by hand take two signatures on record. Forecasts give numbers and seats of areas and schools only.",
    ),
    "privacy.incidents_title": ("个人信息事件", "Incidents"),
    "privacy.incidents_head": ("时间|情况|涉及人数|其中未成年人", "When|What|Persons|Minors among them"),
    "privacy.incidents_none": ("本年没有登记事件。", "None on record this year."),
    "privacy.trail_title": ("依据的审计记录", "The audit trail behind this"),
    "privacy.trail_text": (
        "以上由审计记录统计：本年 {count} 条，最早一条在 {first}。",
        "Counted from the audit trail: {count} events this year, the first on {first}.",
    ),
    "privacy.trail_empty": ("本年没有审计记录。", "The audit trail holds nothing of this year."),
    "privacy.review_report": ("授权复查", "Review of grants"),
    "privacy.review_headline": (
        "现有 {grants} 项授权，其中 {flagged} 项需要处理。",
        "Of {grants} grants, {flagged} need attention.",
    ),
    "privacy.review_clean": (
        "现有 {grants} 项授权，没有需要处理的。",
        "{grants} grants, none of which needs attention.",
    ),
    "privacy.review_title": ("授权清单", "Grants"),
    "privacy.review_caption": (
        "谁在哪里能做什么，需要处理的在前",
        "Who may do what where; those that need attention first",
    ),
    "privacy.review_head": (
        "姓名|角色|单位|期限|最近登录|需要处理",
        "Name|Role|Unit|Period|Last signed in|To look at",
    ),
}

MESSAGES: dict[str, tuple[str, str]] = _ACTS | _WORDS | _FIELDS | _SUBJECT | _MINORS
