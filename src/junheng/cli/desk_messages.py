"""Sentences of the commands that run the desk in the browser."""

MESSAGES: dict[str, tuple[str, str]] = {
    "serve.preparing": ("准备数据库与单位", "Preparing the database and the units"),
    "serve.serving": (
        "均衡已在 {address} 运行；按 Ctrl-C 结束。",
        "Junheng is running at {address}; Ctrl-C ends it.",
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
    "serve.port_taken": (
        "端口 {port} 不能使用（{detail}），请用 --port 换一个。",
        "Port {port} cannot be used ({detail}); choose another with --port.",
    ),
    "serve.web_ended": (
        "网页服务未能运行，原因见上面的输出。",
        "The web server did not stay up; the output above says why.",
    ),
}
