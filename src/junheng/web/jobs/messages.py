"""Sentences about jobs."""

from junheng.web.jobs import command_messages

MESSAGES: dict[str, tuple[str, str]] = {
    **command_messages.MESSAGES,
    "jobs.verb_run": ("年度测算", "Annual run"),
    "jobs.verb_scenario": ("情景测算", "Scenario"),
    "jobs.verb_preview": ("导入预览", "Preview of an import"),
    "jobs.verb_commit": ("数据导入", "Import"),
    "jobs.verb_verify": ("重算核验", "Verification"),
    "jobs.title": ("任务", "Jobs"),
    "jobs.one_title": ("任务 {job}：{title}", "Job {job}: {title}"),
    "jobs.headline_none": ("没有正在进行的任务。", "No job is under way."),
    "jobs.headline_some": (
        "<b>{living}</b> 项任务正在进行或等候；最近共 {count} 项。",
        "<b>{living}</b> jobs are under way or waiting; {count} recent ones in all.",
    ),
    "jobs.tab_mine": ("我能看到的任务", "Jobs I may see"),
    "jobs.tab_all": ("全部任务", "All jobs"),
    "jobs.caption": ("最近的任务", "Recent jobs"),
    "jobs.head_job": ("任务", "Job"),
    "jobs.head_state": ("状态", "State"),
    "jobs.head_progress": ("进度", "Progress"),
    "jobs.head_owner": ("发起人", "Asked for by"),
    "jobs.head_unit": ("单位", "Unit"),
    "jobs.head_began": ("提出时间", "Asked for at"),
    "jobs.head_lasted": ("用时", "Took"),
    "jobs.seconds": ("{count} 秒", "{count} s"),
    "jobs.minutes": ("{minutes} 分 {seconds} 秒", "{minutes} min {seconds} s"),
    "jobs.empty": (
        "还没有任务。导入数据、测算或比较情景时，任务会出现在这里。",
        "No jobs yet. They appear here when data are imported, a forecast is run or scenarios are compared.",
    ),
    "jobs.state_waiting": ("等候", "waiting"),
    "jobs.state_running": ("进行中", "running"),
    "jobs.state_done": ("完成", "done"),
    "jobs.state_failed": ("未成功", "failed"),
    "jobs.state_cancelled": ("已取消", "cancelled"),
    "jobs.state_lost": ("已丢失", "lost"),
    "jobs.is_waiting_first": (
        "{title}已提交，轮到后立即开始。",
        "{title}: handed in, begins as soon as a worker is free.",
    ),
    "jobs.is_waiting": (
        "{title}已提交，前面还有 {ahead} 项。",
        "{title}: handed in, {ahead} before it.",
    ),
    "jobs.is_running": ("{title}正在进行。", "{title}: under way."),
    "jobs.is_running_step": ("{title}正在进行：{step}。", "{title}: {step}."),
    "jobs.is_stopping": ("{title}正在停止。", "{title}: being stopped."),
    "jobs.is_done": ("{title}已完成，用时 {lasted}。", "{title}: done in {lasted}."),
    "jobs.is_failed": ("{title}没有成功：{why}", "{title} failed: {why}"),
    "jobs.is_cancelled": (
        "{title}已取消，没有留下半成品。",
        "{title}: cancelled; nothing half done was left.",
    ),
    "jobs.is_lost": (
        "{title}两次中断（处理它的进程不在了），已停止重试；可以再试一次。",
        "{title}: its worker ended twice in the middle, so it is no longer tried; you may try again.",
    ),
    "jobs.of": ("{done} / {total}", "{done} of {total}"),
    "jobs.open": ("查看结果", "See the result"),
    "jobs.details": ("任务详情", "The job"),
    "jobs.cancel": ("取消任务", "Cancel the job"),
    "jobs.retry": ("再试一次", "Try again"),
    "jobs.was_cancelled": ("任务 {job} 已取消。", "Job {job} is cancelled."),
    "jobs.is_being_cancelled": ("任务 {job} 正在停止。", "Job {job} is being stopped."),
    "jobs.is_retried": ("已重新提交为任务 {job}。", "Handed in again as job {job}."),
    "jobs.findings": (
        "查出的问题（前 {shown} 条，共 {count} 条）",
        "What was found (first {shown} of {count})",
    ),
    "jobs.place_row": ("第 {row} 行", "row {row}"),
    "jobs.log": ("技术记录（末尾部分）", "Technical record (its end)"),
    "jobs.facts": ("任务情况", "About this job"),
    "jobs.fact_attempts": ("第 {count} 次尝试", "attempt {count}"),
    "jobs.fact_began": ("开始", "Began"),
    "jobs.fact_ended": ("结束", "Ended"),
    "jobs.fact_number": ("编号", "Number"),
    "jobs.fact_tried": ("尝试", "Tried"),
    "jobs.fact_run": ("运行", "Run"),
    "jobs.mine_none": ("没有任务。", "No jobs."),
    "jobs.done": ("{title}已完成。", "{title}: done."),
    "jobs.failed": ("{title}没有成功，请查看原因。", "{title} failed; see why."),
    "jobs.again": (
        "{title}中断后已自动重新开始。",
        "{title} was cut off and has begun again by itself.",
    ),
    "jobs.lost": (
        "{title}两次中断，已停止重试，请查看。",
        "{title} was cut off twice and is no longer tried; please look.",
    ),
    "jobs.todo_lost": (
        "{title}没有完成，请查看并决定是否再试",
        "{title} did not finish: see why, and whether to try again",
    ),
    "jobs.memory": (
        "内存不够：任务用到了允许的上限。请减少抽样次数或分批导入，或请系统管理员提高上限。",
        "Not enough memory: the job reached the limit set for it. Use fewer draws or import in parts, or ask the "
        "system administrator to raise the limit.",
    ),
    "jobs.internal": (
        "系统自身出错（{kind}），数据没有改动。可再试一次；若仍不行，请把任务编号告诉系统管理员。",
        "A fault of the system itself ({kind}); your data were not changed. Try again; if it fails again, "
        "give the job's number to your system administrator.",
    ),
    "jobs.broke_off": (
        "任务意外中止（退出码 {exit_code}），数据没有改动。可再试一次；若仍不行，请把任务编号告诉系统管理员。",
        "The job broke off (exit code {exit_code}); your data were not changed. Try again; if it fails again, "
        "give the job's number to your system administrator.",
    ),
    "jobs.has_ended": ("任务 {job} 已经结束，无法取消。", "Job {job} has ended and cannot be cancelled."),
    "jobs.not_to_retry": (
        "任务 {job} 正在进行或已完成，不必再试。",
        "Job {job} is under way or done; there is no need to try again.",
    ),
}
