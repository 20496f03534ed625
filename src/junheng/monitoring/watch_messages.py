"""Words of warnings."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "monitoring.watch.no_history": ("没有可看的指标值；请先测算指标", "There are no indicator values to look at; measure first"),
    "monitoring.watch.unknown": ("没有预警“{warning}”", "There is no warning '{warning}'"),
    "monitoring.watch.margin": ("{value:.4g}，距界限 {threshold:.4g} 只有 {margin:.3g}", "{value:.4g} is only {margin:.3g} from its line {threshold:.4g}"),
    "monitoring.watch.worse": ("连续 {years} 年变差：{before:.4g} → {value:.4g}", "worse {years} years running: {before:.4g} to {value:.4g}"),
    "monitoring.watch.will_break": ("现有资源最多容 {most} 人（现有 {now} 人），预测中位数 {break_year} 年起超过，高位 {break_year_upper} 年起超过", "what there is holds {most} pupils (now {now}); more come from {break_year} on the central path, from {break_year_upper} on the upper"),
    "monitoring.watch.may_break": ("现有资源最多容 {most} 人（现有 {now} 人），只有高位预测 {break_year_upper} 年起超过", "what there is holds {most} pupils (now {now}); only on the upper path do more come, from {break_year_upper}"),
    "monitoring.watch.missing": ("{count} 个单位缺数据", "data of {count} units are missing"),
    "monitoring.watch.jump": ("与上年相比变化异常：{before:.4g} → {value:.4g}，请核对", "an unusual change since last year: {before:.4g} to {value:.4g}; please check"),
    "monitoring.watch.copied": ("{count} 项数据连同学生数与 {year} 年一字不差，请核对是否照抄", "{count} figures and the pupils are exactly those of {year}; please check that they were not copied"),
}  # fmt: skip
