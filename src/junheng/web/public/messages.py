"""The few sentences the public site says of itself; its pages bring their own."""

MESSAGES: dict[str, tuple[str, str]] = {
    "site.title": ("教育概览", "Education overview"),
    "site.none": (
        "目前没有公布的内容，请稍后再来。",
        "Nothing is published at present. Please come back later.",
    ),
    "site.unknown": ("没有这个页面。", "There is no such page."),
    "site.fault": ("暂时打不开，请稍后再试。", "This cannot be opened now. Please try again later."),
    "site.home": ("回到首页", "Back to the start"),
}
