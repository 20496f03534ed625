"""Addresses of this room."""

from django.urls import path

from junheng.web.balance import evidence_views, round_views, views

app_name = "balance"
urlpatterns = [
    path("balance/", views.board, name="board"),
    path("balance/schools/", views.schools, name="schools"),
    path("balance/items/<str:item>/", views.item, name="item"),
    path("balance/report/<str:form>/", views.report, name="report"),
    path("balance/evidence/", evidence_views.evidence, name="evidence"),
    path("balance/evidence/take/", evidence_views.take, name="evidence_take"),
    path("balance/evidence/pieces/<int:piece>/review/", evidence_views.review, name="evidence_review"),
    path("balance/evidence/pieces/<int:piece>/withdraw/", evidence_views.withdraw, name="evidence_withdraw"),
    path("balance/evidence/pieces/<int:piece>/file/", evidence_views.file, name="evidence_file"),
    path("balance/evidence/items/<str:item>/", evidence_views.item, name="evidence_item"),
    path("balance/rounds/", round_views.rounds, name="rounds"),
    path("balance/rounds/<int:round>/", round_views.one, name="round"),
    path("balance/rounds/<int:round>/move/", round_views.move, name="round_move"),
    path("balance/rounds/<int:round>/report/<str:form>/", round_views.report, name="round_report"),
    path("balance/rounds/steps/<int:step>/document/", round_views.document, name="round_document"),
    path("balance/warnings/", views.warnings, name="warnings"),
    path("balance/indicators/", views.indicators, name="indicators"),
    path("balance/indicators/<str:indicator>/", views.indicator, name="indicator"),
    path("balance/way/", views.way, name="pass"),
    path("balance/way/file/", views.way_file, name="pass_file"),
    path("balance/way/start/", views.start, name="pass_start"),
]
