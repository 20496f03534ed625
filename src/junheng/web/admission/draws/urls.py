"""Addresses of this part of the room."""

from django.urls import path

from junheng.web.admission.draws import ceremony_views, views

urlpatterns = [
    path("<str:plan_id>/trial/", views.trial, name="trial"),
    path("<str:plan_id>/freeze/", views.freeze, name="freeze"),
    path("<str:plan_id>/proposals/<int:proposal>/", views.proposal, name="proposal"),
    path("<str:plan_id>/commitment/", views.commitment, name="commitment"),
    path("<str:plan_id>/commitment/notary/", views.notary, name="notary"),
    path("<str:plan_id>/ceremony/", ceremony_views.ceremony, name="ceremony"),
    path("<str:plan_id>/ceremony/clock/", ceremony_views.clock, name="clock"),
]
