"""Addresses of the three administrators' pages, part of `manage`."""

from django.urls import path

from junheng.web.manage.administration.grants import views as grants
from junheng.web.manage.administration.people import views as people
from junheng.web.manage.administration.trail import views as trail
from junheng.web.manage.administration.tree import views as tree

people_urls = [
    path("manage/people/", people.index, name="people"),
    path("manage/people/new/", people.new, name="person_new"),
    path("manage/people/<str:username>/", people.person, name="person"),
    path("manage/people/<str:username>/change/", people.change, name="person_change"),
    path("manage/people/<str:username>/phone/", people.phone, name="person_phone"),
    path("manage/people/<str:username>/do/<str:act>/", people.act, name="person_act"),
    path("manage/grants/", grants.index, name="grants"),
    path("manage/grants/new/", grants.new, name="grant_new"),
    path("manage/grants/review/", grants.review, name="grants_review"),
    path("manage/grants/<int:grant>/<str:act>/", grants.act, name="grant_act"),
    path("manage/grants/of/<str:username>/", grants.of, name="grants_of"),
    path("manage/grants/of/<str:username>/factor/", grants.factor, name="factor_reset"),
    path("manage/units/", tree.index, name="tree"),
    path("manage/units/<str:code>/name/", tree.name, name="unit_name"),
    path("manage/audit/", trail.index, name="trail"),
    path("manage/audit/verify/", trail.verify, name="trail_verify"),
    path("manage/audit/export/", trail.export, name="trail_export"),
    path("manage/audit/grants/", grants.review_for_audit, name="trail_review"),
]
