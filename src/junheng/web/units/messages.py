"""Sentences of this application's pages."""

MESSAGES: dict[str, tuple[str, str]] = {
    "units.name_from_data": (
        "“{name}”的名称来自数据，请在数据中心更正。",
        "The name of {name} comes with the data; correct it in the data centre.",
    ),
}
