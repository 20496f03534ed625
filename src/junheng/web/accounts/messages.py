"""Sentences about people: signing in, roles, permissions, refusals."""

from __future__ import annotations

_PERMISSIONS: dict[str, tuple[str, str]] = {
    "accounts.permission_see": ("查看", "see"),
    "accounts.permission_fill": ("填报", "fill in"),
    "accounts.permission_collect": ("收表", "collect"),
    "accounts.permission_examine": ("查验", "examine"),
    "accounts.permission_import": ("导入", "import"),
    "accounts.permission_forecast": ("测算", "forecast"),
    "accounts.permission_publish": ("发布", "publish"),
    "accounts.permission_export": ("导出", "export"),
    "accounts.permission_register": ("登记核验", "register children"),
    "accounts.permission_admit": ("招生", "admission"),
    "accounts.permission_people": ("账户管理", "accounts"),
    "accounts.permission_grants": ("授权管理", "grants"),
    "accounts.permission_audit": ("审计", "audit"),
    "accounts.permission_operate": ("运行维护", "operate"),
    "accounts.permission_see_prose": (
        "查看本单位及下级的事实与结果",
        "see facts and results of the unit and below",
    ),
    "accounts.permission_fill_prose": (
        "上传、订正、提交本单位的表",
        "upload, correct and submit the unit's own tables",
    ),
    "accounts.permission_collect_prose": (
        "受理、退回、锁定与催报",
        "accept, return, lock and remind",
    ),
    "accounts.permission_examine_prose": (
        "查验佐证与任务报告，推进认定",
        "examine evidence and task reports, move assessments on",
    ),
    "accounts.permission_import_prose": (
        "导入全域的表，管理映射与版本",
        "import tables of the whole region; mappings and versions",
    ),
    "accounts.permission_forecast_prose": (
        "启动测算与情景，复核运行",
        "start runs and scenarios, review a run",
    ),
    "accounts.permission_publish_prose": (
        "提出并确认发布（须两人）",
        "propose and confirm publication (two people)",
    ),
    "accounts.permission_export_prose": ("带走文件", "take files out"),
    "accounts.permission_register_prose": (
        "登记报名儿童并核验其材料",
        "take in children for admission and check their papers",
    ),
    "accounts.permission_admit_prose": (
        "办理本地区招生：方案、复核、异议、派位",
        "run the admission of the region: plan, second check, objections, draw",
    ),
    "accounts.permission_people_prose": (
        "开立、停用、解锁账户，结束登录",
        "make, stop and unlock accounts, end sessions",
    ),
    "accounts.permission_grants_prose": (
        "决定谁在哪个单位能做什么",
        "decide who may do what where",
    ),
    "accounts.permission_audit_prose": (
        "查阅并校验审计记录",
        "read and verify the audit trail",
    ),
    "accounts.permission_operate_prose": (
        "查看全部任务、运行状况与备份",
        "see everybody's jobs, health and backups",
    ),
}

_ROLES: dict[str, tuple[str, str]] = {
    "accounts.role_school_clerk": ("学校填报员", "school clerk"),
    "accounts.role_school_clerk_prose": (
        "为本校填报、订正并提交表格，查看本校的结果，可导出本校文件。看不到其他学校。",
        "Fills in, corrects and submits the school's tables, sees its results and may export its files. Sees no other school.",
    ),
    "accounts.role_principal": ("校长", "principal"),
    "accounts.role_principal_prose": (
        "查看并导出本校的数据与结果，不填报。",
        "Sees and exports the school's data and results; does not fill in.",
    ),
    "accounts.role_town_clerk": ("片区填报员", "town clerk"),
    "accounts.role_town_clerk_prose": (
        "为本片区填报，查看片区内各校的结果，可导出。",
        "Fills in for the area, sees the results of its schools and may export.",
    ),
    "accounts.role_statistician": ("统计员", "statistician"),
    "accounts.role_statistician_prose": (
        "收齐下级的表：催报、受理、退回、锁定；导入全域的表并管理版本，查验佐证与任务报告，可导出。不做测算，不发布。",
        "Collects the tables of the units below: reminds, accepts, returns, locks; imports whole tables and keeps their versions; examines evidence and reports. Neither forecasts nor publishes.",
    ),
    "accounts.role_planner": ("规划员", "planner"),
    "accounts.role_planner_prose": (
        "导入数据，做测算与情景，复核运行，提出发布，可导出。自己复核的运行不能自己发布。",
        "Imports data, runs forecasts and scenarios, reviews runs and publishes, may export. Cannot publish a run she reviewed herself.",
    ),
    "accounts.role_admission_officer": ("招生管理员", "admission officer"),
    "accounts.role_admission_officer_prose": (
        "起草招生方案，组织登记与材料核验，办理异议、派位与结果。看得到报名儿童的个人材料，每次查看留痕。",
        "Drafts admission plans, runs registration and the checking of papers, answers objections, holds the draw. Sees what children hand in; each look is recorded.",
    ),
    "accounts.role_leader": ("局领导", "bureau leader"),
    "accounts.role_leader_prose": (
        "查看全域结果，确认发布，可导出。不改数据。",
        "Sees the results of the whole region, confirms publication, may export. Changes no data.",
    ),
    "accounts.role_inspector": ("督学", "inspector"),
    "accounts.role_inspector_prose": (
        "督导室：查验佐证材料与规划任务的报告，办理申报与认定的各步，可导出。自己报的不能自己查验；不改数据，不收表。",
        "Supervision: examines evidence and reports on tasks of the plan, takes the steps of an assessment, may export. Never what she reported herself; edits and collects no data.",
    ),
    "accounts.role_superior": ("市、省查看员", "city or province viewer"),
    "accounts.role_superior_prose": (
        "比较下级各县，受理或退回其提交，查验其佐证与报告，可导出。从不修改下级的数据。",
        "Compares the counties below, accepts or returns what they submit, examines their evidence, may export. Never edits their data.",
    ),
    "accounts.role_system_admin": ("系统管理员", "system administrator"),
    "accounts.role_system_admin_prose": (
        "开立和停用账户、设临时密码、解锁，查看任务与运行状况。不能授权，不能看审计记录，不因职务看到业务数据。",
        "Makes and stops accounts, sets temporary passwords, unlocks, watches jobs and health. Grants nothing, reads no audit trail and sees no facts by office.",
    ),
    "accounts.role_security_admin": ("安全管理员", "security administrator"),
    "accounts.role_security_admin_prose": (
        "授予和结束角色，为他人重置第二因素。不能开账户，不能给自己授权，不因职务看到业务数据。敏感角色须另一位安全管理员确认。",
        "Grants and ends roles, takes lost second factors away. Makes no accounts, grants nothing to herself and sees no facts by office. A second security administrator confirms sensitive roles.",
    ),
    "accounts.role_auditor": ("审计管理员", "auditor"),
    "accounts.role_auditor_prose": (
        "查阅、校验和导出审计记录，复查授权。不能改任何东西，不因职务看到业务数据。",
        "Reads, verifies and exports the audit trail and reviews who may do what. Changes nothing and sees no facts by office.",
    ),
}

_SIGNING_IN: dict[str, tuple[str, str]] = {
    "accounts.sign_in": ("登录", "Sign in"),
    "accounts.sign_in_lead": (
        "账户由本单位的系统管理员开立，这里不能注册。",
        "Accounts are made by your system administrator; nobody can sign up here.",
    ),
    "accounts.username": ("账户名", "Account name"),
    "accounts.password": ("密码", "Password"),
    "accounts.forgotten": (
        "忘了密码，请联系本单位的系统管理员重设。",
        "If you have forgotten your password, ask your system administrator for a new one.",
    ),
    "accounts.unified": ("用{name}登录", "Sign in with {name}"),
    "accounts.or": ("或", "or"),
    "accounts.sign_out": ("退出登录", "Sign out"),
    "accounts.sign_out_question": ("确定要退出吗？", "Do you want to sign out?"),
    "accounts.inactive_title": ("账户已停用", "This account is stopped"),
    "accounts.inactive_text": (
        "此账户已停用。如有疑问，请联系本单位的系统管理员。",
        "This account has been stopped. If you think this is a mistake, ask your system administrator.",
    ),
    "accounts.wrong_password": (
        "账户名或密码不对。连续错 5 次，此账户在这台电脑上锁定 30 分钟。",
        "The account name or the password is wrong. After 5 wrong tries the account is locked from this address for 30 minutes.",
    ),
    "accounts.wrong_own_password": ("密码不对。", "The password is wrong."),
    "accounts.locked_title": ("账户已锁定", "The account is locked"),
    "accounts.locked_text": (
        "此账户从这个地址连续输错密码，已锁定 30 分钟。请稍后再试，或请系统管理员解锁。",
        "Too many wrong passwords for this account from this address: it is locked for 30 minutes. Try later, or ask your system administrator to release it.",
    ),
    "accounts.too_many_title": ("请求太频繁", "Too many requests"),
    "accounts.too_many_text": (
        "这个地址的请求太频繁，请一分钟后再试。",
        "Too many requests from this address. Try again in a minute.",
    ),
    "accounts.session_over": (
        "离开太久，已自动退出，请重新登录。",
        "You were signed out after a long time; please sign in again.",
    ),
    "accounts.identity_title": ("未能登录", "You are not signed in"),
    "accounts.identity_unknown": (
        "统一身份认证已确认您的身份，但此身份还没有对应的账户。请联系本单位的系统管理员登记。",
        "The identity service has confirmed who you are, but no account here is tied to that identity. Ask your system administrator to enter it.",
    ),
    "accounts.identity_stopped": (
        "您的账户已停用。如有疑问，请联系本单位的系统管理员。",
        "Your account has been stopped. If you think this is a mistake, ask your system administrator.",
    ),
    "accounts.identity_unreachable": (
        "统一身份认证暂时连不上，请稍后重试，或用账户名和密码登录。",
        "The identity service cannot be reached. Try later, or sign in with account name and password.",
    ),
    "accounts.identity_failed": (
        "统一身份认证的答复无效或已过期，没有登录。请重新登录一次。",
        "The answer of the identity service is not valid or has expired. Please sign in once more.",
    ),
}

_OWN_ACCOUNT: dict[str, tuple[str, str]] = {
    "accounts.own": ("我的账户", "My account"),
    "accounts.tab_password": ("密码", "Password"),
    "accounts.tab_factor": ("第二因素", "Second factor"),
    "accounts.tab_sessions": ("登录情况", "Sessions"),
    "accounts.change_password": ("修改密码", "Change password"),
    "accounts.old_password": ("现在的密码", "Present password"),
    "accounts.new_password": ("新密码", "New password"),
    "accounts.new_password_again": ("再输一次新密码", "New password once more"),
    "accounts.password_rules": (
        "至少 12 个字符，不能全是数字，不能是常见密码，不能与姓名、账户名相近，也不能是最近 5 次用过的。改后须重新登录。",
        "At least 12 characters, not only digits, no common password, nothing like your name, and none of your last 5. You sign in again afterwards.",
    ),
    "accounts.password_used": (
        "不能使用最近 {last} 次用过的密码。",
        "None of your last {last} passwords, please.",
    ),
    "accounts.password_changed": (
        "密码已修改，请用新密码登录。",
        "Your password is changed; sign in with the new one.",
    ),
    "accounts.own_password_first": (
        "您正在使用临时密码，请先换成自己的密码。",
        "You are using a temporary password: replace it with your own first.",
    ),
    "accounts.confirm_title": ("请再次确认身份", "Please confirm that it is you"),
    "accounts.confirm_lead": (
        "下一步较为敏感，请再输一次密码。",
        "The next step is a sensitive one: enter your password once more.",
    ),
    "accounts.confirm_code_lead": (
        "下一步较为敏感，请输入验证器显示的 6 位数字。",
        "The next step is a sensitive one: enter the 6 digits your authenticator shows.",
    ),
    "accounts.confirm": ("确认", "Confirm"),
    "accounts.confirm_by_password": ("改用密码确认", "Confirm by password"),
    "accounts.confirm_by_code": ("改用验证码确认", "Confirm by code"),
    "accounts.factor_title": ("第二因素", "Second factor"),
    "accounts.factor_off": (
        "还没有设置。设置后，登录时除密码外还要输入手机验证器显示的 6 位数字。",
        "Not set up. Once it is, signing in asks for the 6 digits of an authenticator app besides your password.",
    ),
    "accounts.factor_on": (
        "已设置：登录时除密码外还要输入验证器显示的 6 位数字。",
        "Set up: signing in asks for the 6 digits of your authenticator besides your password.",
    ),
    "accounts.factor_relaxed": (
        "演示环境不强制第二因素；正式安装中，您的角色没有第二因素不能使用。",
        "The demonstration does not insist on a second factor; in a real installation your role cannot be used without.",
    ),
    "accounts.factor_set_up": ("设置第二因素", "Set up a second factor"),
    "accounts.factor_remove": ("取消第二因素", "Remove the second factor"),
    "accounts.factor_remove_question": (
        "取消后，只凭密码就能登录这个账户。确定吗？",
        "Without it, the password alone opens this account. Are you sure?",
    ),
    "accounts.second_factor_first": (
        "您的角色涉及账户、授权或审计，必须设置第二因素后才能使用。",
        "Your role concerns accounts, grants or the audit trail: it can only be used with a second factor.",
    ),
    "accounts.factor_step_app": (
        "在手机上打开任一验证器（TOTP，30 秒 6 位），扫描下图；不能扫描时手工输入密钥。",
        "Open any authenticator app (TOTP, 6 digits in 30 seconds) and scan the picture, or type the key in.",
    ),
    "accounts.factor_step_code": (
        "输入验证器显示的 6 位数字。",
        "Enter the 6 digits the app shows.",
    ),
    "accounts.factor_key": ("密钥", "Key"),
    "accounts.factor_picture": ("含密钥的二维码", "QR code holding the key"),
    "accounts.code": ("验证码", "Code"),
    "accounts.code_hint": (
        "6 位数字；手机不在身边时用一个恢复码。",
        "6 digits; without your phone, one of your recovery codes.",
    ),
    "accounts.code_lead": (
        "密码正确。请输入手机验证器显示的数字。",
        "The password is right. Now enter the digits your authenticator shows.",
    ),
    "accounts.wrong_code": (
        "验证码不对，请输入此刻显示的 6 位数字。若一直不对，请校准手机时间。",
        "The code is wrong; enter the digits shown just now. If it keeps failing, set your phone's clock.",
    ),
    "accounts.factor_added": ("第二因素已设置。", "The second factor is set up."),
    "accounts.factor_removed": ("第二因素已取消。", "The second factor is removed."),
    "accounts.factor_needed": (
        "您的角色必须有第二因素，不能取消。手机丢失时请联系安全管理员重置。",
        "Your role needs a second factor, so it cannot be removed. If you lose your phone, ask the security administrator.",
    ),
    "accounts.recovery_codes": ("恢复码", "Recovery codes"),
    "accounts.recovery_codes_lead": (
        "手机丢失时，每个恢复码可代替一次验证码。只在此时显示：请打印或抄下，放在安全的地方。",
        "If you lose your phone, each of these stands in for one code. They are shown only now: print them or write them down and keep them safe.",
    ),
    "accounts.recovery_codes_left": (
        "还有 {left} 个恢复码可用，共 {total} 个。",
        "{left} of {total} recovery codes are left.",
    ),
    "accounts.recovery_codes_new": ("重新生成恢复码", "Make new recovery codes"),
    "accounts.recovery_codes_question": (
        "将生成一组新的恢复码，原来的全部作废。",
        "A new set will be made; the old ones stop working.",
    ),
    "accounts.recovery_codes_made": ("新的恢复码已生成。", "New recovery codes are made."),
    "accounts.recovery_codes_kept": ("已妥善保存，继续", "I have kept them; go on"),
    "accounts.sessions_title": ("我的登录情况", "Where I am signed in"),
    "accounts.sessions_lead": (
        "不认识的登录请立即结束，并修改密码。闲置 30 分钟或登录满 12 小时自动退出。",
        "End any session you do not know and change your password. Sessions end after 30 idle minutes, or after 12 hours.",
    ),
    "accounts.session_began": ("登录时间", "Since"),
    "accounts.session_address": ("地址", "Address"),
    "accounts.session_browser": ("浏览器", "Browser"),
    "accounts.session_this": ("当前", "this one"),
    "accounts.session_end": ("结束", "End"),
    "accounts.session_ended": ("登录已结束。", "The session is ended."),
    "accounts.back_to_desk": ("返回工作台", "Back to the desk"),
}

_REFUSALS: dict[str, tuple[str, str]] = {
    "accounts.own_account": (
        "不能管理自己的账户，请由另一位管理员办理。",
        "Nobody manages her own account; a colleague must do this.",
    ),
    "accounts.holds_above": (
        "{name}在“{unit}”还有角色，超出您的管理范围，请由上级管理员办理。",
        "{name} also holds a role on {unit}, outside your units; the administrator there must do this.",
    ),
    "accounts.unknown_role": ("没有这个角色：{role}。", "There is no role {role}."),
    "accounts.grant_to_self": (
        "不能为自己授权，也不能处理自己的授权。",
        "Nobody grants to herself, nor decides on her own grants.",
    ),
    "accounts.person_stopped": ("{name}的账户已停用。", "{name}'s account is stopped."),
    "accounts.person_active": ("{name}的账户正在使用。", "{name}'s account is in use."),
    "accounts.wrong_level": (
        "这个角色不能授在“{unit}”这一级。",
        "This role cannot be granted on a unit like {unit}.",
    ),
    "accounts.wrong_period": (
        "截止日期早于起始日期，或已经过去。",
        "The last day lies before the first, or is over.",
    ),
    "accounts.granted_already": (
        "{name}在“{unit}”已有这个角色，或正待确认。",
        "{name} already holds this role on {unit}, or it waits to be confirmed.",
    ),
    "accounts.three_administrators": (
        "三员分立：{name}已是（或被提议为）三员之一，不能再任另一员。",
        "The three administrations are kept apart: {name} already holds, or is proposed for, another of them.",
    ),
    "accounts.grant_state": (
        "这项授权的状态已变，请刷新页面。",
        "The state of this grant has changed; reload the page.",
    ),
    "accounts.two_people": (
        "敏感角色须两人办理：您提议的，请另一位安全管理员确认。",
        "Sensitive roles take two people: you proposed this, so another security administrator must confirm it.",
    ),
    "accounts.last_administrator": (
        "这是“{unit}”最后一位在任者，请先另授一人再结束。",
        "Nobody else holds this administration over {unit}: grant it to another person first.",
    ),
    "accounts.username_form": (
        "账户名须 3–60 位，用小写字母、数字和 . _ -，以字母或数字开头。",
        "Account names have 3 to 60 lower-case letters, digits and . _ - and begin with a letter or digit.",
    ),
    "accounts.username_taken": ("账户名 {username} 已有人用。", "The account name {username} is taken."),
    "accounts.identity_taken": (
        "这个统一身份标识已登记在另一账户。",
        "This identity is already tied to another account.",
    ),
    "accounts.installed_already": (
        "已有安全管理员，新账户请在页面上开立。",
        "There is a security administrator already; make further accounts on the page.",
    ),
    "accounts.sealed_unknown_key": (
        "缺少密钥“{key}”，无法读取此加密内容。",
        "The key {key!r} this value is sealed with is not among ours.",
    ),
    "accounts.sealed_broken": (
        "加密内容无法读取：密钥不符，或内容被改动。",
        "The sealed value cannot be read: the key is wrong, or it was altered.",
    ),
    "accounts.notice_proposed": (
        "请确认：{name}被提议在“{unit}”任敏感角色。",
        "Please confirm: {name} is proposed for a sensitive role on {unit}.",
    ),
    "accounts.notice_given": ("您在“{unit}”获得了新的角色。", "You have been granted a role on {unit}."),
    "accounts.notice_ended": ("您在“{unit}”的一个角色已结束。", "A role of yours on {unit} has ended."),
}

MESSAGES: dict[str, tuple[str, str]] = _PERMISSIONS | _ROLES | _SIGNING_IN | _OWN_ACCOUNT | _REFUSALS
