"""Sentences of the commands that run the desk in the browser."""

MESSAGES: dict[str, tuple[str, str]] = {
    "serve.preparing": ("准备数据库与单位", "Preparing the database and the units"),
    "serve.serving": (
        "均衡已在 {address} 运行；按 Ctrl-C 结束。运行记录在 {log}。",
        "Junheng is running at {address}; Ctrl-C ends it. The log is {log}.",
    ),
    "serve.ended": ("已结束。", "Ended."),
    "serve.login_headings": ("账户|角色|单位|密码", "account|role|unit|password"),
    "serve.logins": (
        "账户（密码只显示这一次）",
        "Accounts (the passwords are shown this once)",
    ),
    "serve.logins_again": (
        "账户已建立；忘记密码时用 junheng serve {path} --demo --reset-passwords。",
        "The accounts are there; for new passwords: junheng serve {path} --demo --reset-passwords.",
    ),
    "serve.first_people": (
        "请立即分别交给两名管理员；首次登录须更换密码并设置第二因素。",
        "Hand each to its administrator at once; the first sign-in asks for a new password and a second factor.",
    ),
    "serve.demo_reason": ("演示数据，供查看", "Demonstration, to be looked at"),
    "serve.demo_at_home": (
        "演示只能在本机（127.0.0.1）上运行，不能监听 {host}。",
        "A demonstration runs on this machine only (127.0.0.1), not on {host}.",
    ),
    "serve.demo_only": ("只有演示可以这样做。", "Only a demonstration may do this."),
    "serve.not_prepared": (
        "单位尚未建立：先运行 junheng serve。",
        "The units are not there yet: run junheng serve first.",
    ),
    "serve.variables_missing": (
        "正式运行还缺少环境变量：{names}（含义见 docs/handbook/operation.md）。只想试用请加 --demo。",
        "To run in earnest the environment lacks {names} (see docs/handbook/operation.md). To try it out add --demo.",
    ),
    "serve.settings_wrong": ("设置有误：{detail}", "The settings are wrong: {detail}"),
    "serve.database_away": ("数据库不可用：{detail}", "The database does not answer: {detail}"),
    "serve.backing_up": ("备份数据库与文件", "Backing up the database and the files"),
    "serve.backed_up": (
        "已备份到 {path}：{files} 个文件，{size} MB，用时 {seconds} 秒。",
        "Backed up to {path}: {files} files, {size} MB, in {seconds} s.",
    ),
    "serve.audit_head": (
        "审计记录共 {events} 条，末条摘要 {head}（请另处留存）。",
        "The audit trail holds {events} events; its last digest is {head} (keep it elsewhere).",
    ),
    "serve.keys_elsewhere": (
        "密钥不在备份中（JUNHENG_SECRET_KEY、JUNHENG_FIELD_KEYS），请另行保管：没有字段密钥，加密的内容无法恢复。",
        "Keys are not in it (JUNHENG_SECRET_KEY, JUNHENG_FIELD_KEYS): keep them elsewhere. Without the field keys what is sealed cannot be read again.",
    ),
    "serve.restoring": ("核对并恢复备份", "Checking the backup and bringing it back"),
    "serve.restored": (
        "已恢复到 {path}：{rows} 行、{files} 个文件；行数、摘要与审计记录（{events} 条）均一致。",
        "Restored to {path}: {rows} rows and {files} files; rows, digests and the audit trail ({events} events) agree.",
    ),
    "serve.restore_took": ("恢复与核验共用时 {seconds} 秒。", "Restoring and verifying took {seconds} s."),
    "serve.no_database": ("没有数据库 {name}。", "There is no database {name}."),
    "serve.not_a_backup": ("{path} 不是备份：{detail}", "{path} is no backup: {detail}"),
    "serve.backup_newer": (
        "这份备份由更新的版本 {software} 生成，请先升级。",
        "This backup was made by a later version, {software}; upgrade first.",
    ),
    "serve.backup_incomplete": (
        "备份不完整，已放弃：缺 {files}。",
        "The backup was incomplete and given up: {files}.",
    ),
    "serve.backup_damaged": (
        "备份已损坏：{count} 个文件与清单不符（{files}）。",
        "The backup is damaged: {count} files are not what its list says ({files}).",
    ),
    "serve.target_not_empty": ("{path} 不是空文件夹。", "{path} is not an empty folder."),
    "serve.database_not_empty": (
        "目标数据库中已有 {count} 张表，请换一个空的数据库。",
        "The target database holds {count} tables; give an empty one.",
    ),
    "serve.dump_of_postgresql": (
        "这是 PostgreSQL 的备份，请用 --database 指定一个空的 PostgreSQL 数据库。",
        "This backup is of PostgreSQL: name an empty PostgreSQL database with --database.",
    ),
    "serve.rows_differ": ("恢复后行数不一致：{tables}", "Rows differ after restoring: {tables}"),
    "serve.audit_broken": (
        "恢复后的审计记录在第 {event} 条处不成立（{cause}）。",
        "The restored audit trail does not hold at event {event} ({cause}).",
    ),
    "serve.program_missing": (
        "找不到 PostgreSQL 的 {program}，请安装 postgresql-client。",
        "PostgreSQL's {program} is missing; install postgresql-client.",
    ),
    "serve.program_failed": ("{program} 没有成功：{detail}", "{program} failed: {detail}"),
    "serve.port_taken": (
        "端口 {port} 不能使用（{detail}），请用 --port 换一个。",
        "Port {port} cannot be used ({detail}); choose another with --port.",
    ),
    "serve.web_ended": (
        "网页服务未能运行，原因见 {log} 的末尾。",
        "The web server did not stay up; the end of {log} says why.",
    ),
    "serve.upgraded": ("数据库已是当前版本。", "The database is of this version."),
    "upkeep.done": ("{duty}：{count}。", "{duty}: {count}."),
    "upkeep.audit_broken": (
        "审计记录在第 {event} 条处不成立，请按安全事件处理。",
        "The audit trail does not hold at event {event}; treat it as an incident.",
    ),
    "upkeep.duty_audit": ("已核验审计记录", "audit events verified"),
    "upkeep.duty_remind": ("已催报单位、已提醒任务", "units and tasks reminded"),
    "upkeep.duty_retention": ("已删除到期记录", "records deleted as due"),
    "upkeep.duty_tidy": ("已清理导出文件", "exported files removed"),
    "upkeep.duty_rescue": ("已找回任务", "jobs put back"),
    "doctor.well": ("一切正常。", "All is well."),
    "doctor.found": ("有 {count} 处需要处理。", "{count} things need attention."),
    "doctor.database": (
        "✗ 数据库不可用：{detail}\n  → 检查 JUNHENG_DATABASE，并确认数据库正在运行",
        "✗ The database does not answer: {detail}\n  → look at JUNHENG_DATABASE, and whether the database is running",
    ),
    "doctor.migrations": (
        "✗ 数据库结构不是当前版本\n  → junheng upgrade {path}",
        "✗ The database is not of this version\n  → junheng upgrade {path}",
    ),
    "doctor.unwritable": (
        "✗ 不能写入 {folder}\n  → chown 给运行均衡的用户，或 chmod u+w",
        "✗ {folder} cannot be written\n  → chown it to the user Junheng runs as, or chmod u+w",
    ),
    "doctor.disk": (
        "✗ 磁盘只剩 {share}%\n  → 清理旧备份，或扩充磁盘（df -h）",
        "✗ {share}% of the disk is left\n  → remove old backups or enlarge the disk (df -h)",
    ),
    "doctor.front_end": (
        "✗ 页面的图表与字体没有构建\n  → make（源码安装），或重新安装带构建结果的安装包",
        "✗ Charts and fonts of the pages were not built\n  → make (from source), or install the wheel that holds them",
    ),
    "doctor.fonts": (
        "✗ 缺少中文字体，报告无法生成\n  → make（源码安装），或重新安装带字体的安装包",
        "✗ The Chinese type is missing, so no report can be written\n  → make (from source), or install the wheel that holds it",
    ),
    "doctor.open_to_all": (
        "✗ 本机其他用户可以读取 {folder}\n  → chmod o-rwx {folder}",
        "✗ Other users of this machine can read {folder}\n  → chmod o-rwx {folder}",
    ),
    "doctor.nobody": (
        "✗ 没有人能够授权\n  → junheng people create-first {path}",
        "✗ Nobody can grant anything\n  → junheng people create-first {path}",
    ),
    "doctor.worker": (
        "✗ 队列 {queue} 没有任务进程\n  → systemctl start junheng-worker@{queue}（或 junheng worker {path} --queue {queue}）",
        "✗ No worker serves the queue {queue}\n  → systemctl start junheng-worker@{queue} (or junheng worker {path} --queue {queue})",
    ),
    "doctor.lost_jobs": (
        "✗ 一周内有 {count} 项任务两次中断\n  → journalctl -u 'junheng-worker@*'；内存不足时调高 JUNHENG_JOB_MEMORY_MB",
        "✗ {count} jobs were cut off twice within a week\n  → journalctl -u 'junheng-worker@*'; raise JUNHENG_JOB_MEMORY_MB if memory ran out",
    ),
    "doctor.audit_broken": (
        "✗ 审计记录在第 {event} 条处不成立\n  → junheng audit verify {path}，并按安全事件处理",
        "✗ The audit trail does not hold at event {event}\n  → junheng audit verify {path}, and treat it as an incident",
    ),
    "doctor.audit_unchecked": (
        "✗ 两天内没有核验审计记录\n  → junheng audit verify {path}（定时：junheng-audit.timer）",
        "✗ The audit trail was not verified for two days\n  → junheng audit verify {path} (nightly: junheng-audit.timer)",
    ),
    "doctor.never_backed_up": (
        "✗ 还没有备份\n  → junheng backup {path} 备份文件夹（定时：junheng-backup.timer）",
        "✗ There is no backup yet\n  → junheng backup {path} FOLDER (nightly: junheng-backup.timer)",
    ),
    "doctor.backup_old": (
        "✗ 上次备份在 {days} 天前\n  → junheng backup {path} 备份文件夹",
        "✗ The last backup is {days} days old\n  → junheng backup {path} FOLDER",
    ),
    "doctor.program": (
        "✗ 缺少 {program}，无法备份或恢复 PostgreSQL\n  → apt install postgresql-client",
        "✗ {program} is missing, so PostgreSQL cannot be backed up or restored\n  → apt install postgresql-client",
    ),
    "doctor.settings": (
        "✗ 设置：{detail}\n  → 见 docs/handbook/operation.md 的变量表",
        "✗ Settings: {detail}\n  → see the table of variables in docs/handbook/operation.md",
    ),
}
