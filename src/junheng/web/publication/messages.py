"""Sentences of publication (对外公布)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "publication.title": ("对外公布：公众看到什么？", "Publication: what does everyone see?"),
    "publication.lead": (
        "公众页面是写成文件的一版教育概览，单独提供，不连系统、不要登录，也可以刻盘带到外网。",
        "The public pages are an edition written to files, served apart from this system without login; it can be carried to another network.",
    ),
    "publication.head_none": ("还没有对外公布过。", "Nothing has been published yet."),
    "publication.head_withdrawn": (
        "现在没有公布任何内容，以前的版本都留着。",
        "Nothing is shown at present; earlier editions are kept.",
    ),
    "publication.head_shown": (
        "公众现在看到的是 <b>{day}</b> 公布的一版，出自运行 {run}。",
        "Everyone sees the edition of <b>{day}</b>, made from run {run}.",
    ),
    "publication.no_run_title": ("没有可以公布的运行", "There is no run to publish"),
    "publication.no_run": (
        "只有经一人复核、另一人发布的年度运行才能对外公布。请先完成复核和发布。",
        "Only an annual run reviewed by one person and published by another can be shown to everyone. See to both first.",
    ),
    "publication.to_runs": ("看运行", "See the runs"),
    "publication.make": ("公布新的一版", "Publish a new edition"),
    "publication.from_run": ("出自运行 {run}", "From run {run}"),
    "publication.holds": ("这一版含有", "The edition holds"),
    "publication.holds_pupils": (
        "各片区、各学段学生：最近一次统计和今后几年的预计",
        "pupils by area and stage: the last count and the years ahead",
    ),
    "publication.holds_seats": (
        "各片区、各学段学位、预计利用率、余缺",
        "seats by area and stage, their expected use and balance",
    ),
    "publication.holds_tight": ("哪些片区、学段偏紧，用大白话写", "where seats are tight, in plain words"),
    "publication.holds_schools": (
        "学校名录（名称、类型、性质），不分校公布人数，不排名",
        "a directory of schools (name, kind, ownership) without numbers by school and without ranking",
    ),
    "publication.holds_map": ("地图，注明审图号 {number}", "a map with its approval number {number}"),
    "publication.holds_no_map": (
        "不含地图：region.toml 没有审图号（map_approval）",
        "no map: region.toml states no approval number (map_approval)",
    ),
    "publication.holds_no_map_file": ("不含地图：没有提供边界", "no map: no boundaries were given"),
    "publication.holds_nothing_else": (
        "没有个人信息；不足 10 人的数不显示，能减出来的另一格也不显示",
        "no personal data; counts under 10 are hidden, and so is any cell that would give one away",
    ),
    "publication.reason": ("理由", "Reason"),
    "publication.reason_hint": (
        "写入审计记录，例如“2026 年度教育概览，局务会 11 月 20 日通过”。",
        "Kept in the audit trail, such as “Overview of 2026, approved on 20 November”.",
    ),
    "publication.publish": ("公布", "Publish"),
    "publication.withdraw": ("撤下现在这一版", "Take the present edition down"),
    "publication.withdraw_text": (
        "撤下后，公众页面显示“目前没有公布的内容”；文件都留着，随时可以再公布。",
        "The public pages then say that nothing is published; the files are kept and can be shown again.",
    ),
    "publication.show": ("重新公布以前的一版", "Show an earlier edition again"),
    "publication.show_button": ("公布这一版", "Show this edition"),
    "publication.edition": ("版本", "Edition"),
    "publication.editions": ("所有版本", "All editions"),
    "publication.no_editions": ("还没有任何版本。", "There is no edition yet."),
    "publication.col_edition": ("版本", "Edition"),
    "publication.col_state": ("状态", "State"),
    "publication.col_day": ("公布日期", "Published"),
    "publication.col_run": ("运行", "Run"),
    "publication.col_files": ("文件", "Files"),
    "publication.col_head": ("校验码", "Check code"),
    "publication.state_shown": ("公布中", "shown"),
    "publication.state_kept": ("留存", "kept"),
    "publication.job": ("制作公众页面", "Make the public pages"),
    "publication.making": ("正在制作页面和数据表", "Making pages and tables"),
    "publication.writing": ("正在写入", "Writing"),
    "publication.started": (
        "已开始制作，约半分钟后公布。",
        "Being made; it is shown in about half a minute.",
    ),
    "publication.shown_again": ("已公布版本 {name}。", "Edition {name} is shown."),
    "publication.taken_down": (
        "已撤下。公众页面现在没有内容。",
        "Taken down. The public pages show nothing now.",
    ),
    "publication.run_not_published": (
        "运行 {run} 还没有发布，不能对外公布。",
        "Run {run} has not been published inside, so it cannot be shown to everyone.",
    ),
    "publication.nothing_shown": ("现在没有公布中的版本。", "No edition is shown at present."),
    "publication.reason_missing": ("请写明理由。", "Please state a reason."),
}
