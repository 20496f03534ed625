"""Sentences of the annual loop."""

MESSAGES: dict[str, tuple[str, str]] = {
    "year.checking": ("检查数据表", "Checking the tables"),
    "year.forecasting": ("预测儿童与学生", "Forecasting children and pupils"),
    "year.seats": ("核算学位与预警", "Working out seats and warnings"),
    "year.measuring": ("计算 {year} 学年的指标", "Measuring the indicators of {year}"),
    "year.assessing": ("对照督导评估要求", "Holding the county against the official assessments"),
    "year.watching": (
        "查看临界、变差与将跌破界限的指标",
        "Watching what is near its line, worsening or about to break",
    ),
    "year.looking_back": ("回看过去的预测", "Looking back at earlier forecasts"),
    "year.faults": (
        "数据表有 {count} 处错误，未作任何计算。请按下列位置改正后重新导入。",
        "Faults in the tables: {count}; nothing was computed. Mend them at the places below and import again.",
    ),
    "year.no_enrolment": (
        "没有在校生数据（enrolment 或 area_enrolment），无法预测。请导入每校每年每年级的学年初在校生。",
        "There is no enrolment (enrolment or area_enrolment), so nothing can be forecast. "
        "Import the pupils of each school by year and grade.",
    ),
    "year.no_conditions": (
        "没有办学条件、教师、经费等数据表，无法计算均衡指标。请导入 school_years。",
        "There are no tables of conditions, staff or money, so balance cannot be measured. Import school_years.",
    ),
    "year.no_seats": (
        "没有学位数据（seats），也没有班数，无法核算缺口。请导入每校的班数与教室数。",
        "There are no seats and no class counts, so gaps cannot be worked out. Import classes and rooms by school.",
    ),
}
