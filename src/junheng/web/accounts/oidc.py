"""Signing in by unified identity (OIDC): code with PKCE, a nonce of our own, and a signature that is checked.

The library leaves the nonce out and trusts an unsigned answer that came over TLS. A bureau's identity service
may stand behind plain HTTP inside the government network, so here every token's signature, issuer, audience,
time and nonce are checked, and who it names is read from the token alone.
"""

from __future__ import annotations

import secrets
from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from junheng.web.accounts.adapter import refusal

_NONCE = "oidc_nonce"
_SIGNATURES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
"""Public-key signatures; a token signed with a shared secret, or not at all, is nobody's word."""
_CLAIMS = {"iss", "sub", "aud", "exp", "iat"}


class CheckedIdentity(OpenIDConnectOAuth2Adapter):
    """The library's exchange with our checks of its answer."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """The identity the token names; OAuth2Error when anything about the token is not in order."""
        given = kwargs["response"].get("id_token")
        nonce = request.session.pop(_NONCE, None)
        if not given or not nonce:
            raise OAuth2Error("no id_token, or none was asked for")
        claims = self._decode_id_token(app, given)
        if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
            raise OAuth2Error("nonce differs")
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(id_token)
        except jwt.PyJWTError as error:
            raise OAuth2Error("not a token") from error
        if header.get("alg") not in _SIGNATURES or "kid" not in header:
            raise OAuth2Error("not signed by a key of the issuer")
        claims = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        if missing := _CLAIMS - claims.keys():
            raise OAuth2Error(f"claims missing: {missing}")
        return claims


@login_not_required
@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the issuer, with state, nonce and PKCE challenge."""
    try:
        provider = CheckedIdentity(request, provider_id).get_provider()
        nonce = request.session[_NONCE] = secrets.token_urlsafe(32)
        target = get_next_redirect_url(request)  # an address of ours, or none
        return provider.redirect(request, "login", next_url=target, auth_params={"nonce": nonce})
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except RequestException:
        return refusal(request, "accounts.identity_unreachable", 502)


@login_not_required
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the issuer."""
    try:
        view = OAuth2CallbackView.adapter_view(CheckedIdentity(request, provider_id))
        return view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except RequestException:
        return refusal(request, "accounts.identity_unreachable", 502)
