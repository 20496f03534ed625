"""Words inside figures."""

MESSAGES: dict[str, tuple[str, str]] = {
    "figures.pupils": ("人", "pupils"),
    "figures.seats": ("个学位", "seats"),
    "figures.actual": ("统计", "counted"),
    "figures.median": ("中位预测", "median"),
    "figures.range": ("80% 区间", "80% range"),
    "figures.seats_line": ("学位", "seats"),
    "figures.change": ("变化", "change"),
    "figures.now": ("{year} 年统计", "counted in {year}"),
    "figures.then": ("{year} 年预测", "forecast for {year}"),
    "figures.none": ("无数据", "no data"),
    "figures.end": ("{word} {value}", "{word} {value}"),
}
