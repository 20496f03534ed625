"""The addresses of signing in and of one's own account: these and no others of the library's."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from junheng.web.accounts import oidc, views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("sessions/<int:session>/end/", views.end_session, name="end_session"),
    path("mfa/", factor.index, name="mfa_index"),
    path("mfa/authenticate/", factor.authenticate, name="mfa_authenticate"),
    path("mfa/reauthenticate/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("mfa/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("mfa/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("mfa/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("mfa/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/callback/", oidc.callback, name="openid_connect_callback"),
]
