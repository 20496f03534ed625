"""Teachers one by one, under numbers that name nobody."""

from __future__ import annotations

from junheng.model.column import Column, Table
from junheng.model.tables.places import SCHOOL_ID, YEAR

TEACHERS = Table(
    "teachers",
    "教师",
    "teachers",
    "每位教师每年一行，用不含姓名、证件号的固定编号；某校某学段某年有名册时，“学校条件”中空着的教师数由此汇总",
    "One row for each teacher and year under a fixed number that is neither name nor identity card; where rows exist for a school, stage and year they give the counts left blank in school_years",
    key=("teacher_id", "year"),
    columns=(
        Column("teacher_id", "code", "教师编号", "teacher id", "本地固定编号；不得填姓名或身份证号", "Fixed local number; never a name or an identity card", required=True, example="T990101-00001", aliases=("教职工编号", "教师代码", "工号"), personal=True),
        YEAR,
        SCHOOL_ID,
        Column("stage", "code", "任课学段", "stage taught", "任课学段；跨学段的填课时最多的学段", "Stage taught; of several, the one with most lessons", required=True, codes="stage", example="primary", aliases=("学段", "任教学段"), personal=True),
        Column("subject", "code", "任教学科", "subject", "任课最多的学科；保育员、行政人员留空", "Subject taught most; empty for care and office staff", codes="subject", example="music", aliases=("任课学科", "学科"), personal=True),
        Column("degree", "code", "最高学历", "degree", "最高学历", "Highest degree", codes="degree", example="bachelor", aliases=("学历",), personal=True),
        Column("backbone_level", "code", "骨干教师层级", "backbone level", "认定的最高层级；不是骨干教师填“不是骨干教师”，不清楚留空", "Highest recognition; `none` for teachers without, empty if unknown", codes="backbone_level", example="county", aliases=("骨干级别", "骨干教师"), personal=True),
        Column("certified", "flag", "持教师资格证", "certified", "是否持有与任教学段相应的教师资格证", "Whether the certificate fits the stage taught", example="是", aliases=("是否持证", "教师资格"), personal=True),
        Column("training_hours", "number", "五年培训学时", "training hours", "到本学年为止五年内的培训学时", "Hours of training in the five years to this one", unit="学时 hours", minimum=0, maximum=5000, example="372", aliases=("培训学时",), personal=True),
        Column("employment", "code", "聘用方式", "employment", "在编、长期合同或兼任；兼任不计入专任教师", "Established, on a long contract or part time; part-timers are not full-time teachers", codes="employment", example="post", aliases=("编制情况", "是否在编", "用工形式"), personal=True),
        Column("birth_year", "year", "出生年份", "year of birth", "出生年份", "Year of birth", minimum=1930, maximum=2015, example="1988", aliases=("出生年",), personal=True),
        Column("at_school_since", "year", "到校学年", "at the school since", "到现任学校的学年", "School year in which the teacher came to the school", minimum=1950, maximum=2100, example="2019", aliases=("到校时间", "调入年份"), personal=True),
        Column("exchanged_from", "code", "交流来自", "exchanged from", "交流轮岗来自的学校；不是交流的留空", "School a teacher on exchange came from; empty for others", references="schools.school_id", example="", aliases=("交流轮岗来源学校", "派出学校"), personal=True),
        Column("post_rank", "code", "职称", "rank", "专业技术职务", "Professional rank", codes="post_rank", example="first", aliases=("专业技术职务", "职称等级"), personal=True),
    ),
)  # fmt: skip

TABLES = (TEACHERS,)
