"""What is answered when there is no answer: one form for every kind, in both languages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, Throttled, ValidationError
from pydantic import Field

from junheng.model.errors import JunhengError
from junheng.web.wording import reason, say


class Fault(Schema):
    """One parameter that cannot be used."""

    where: str = Field(description="Place of the parameter, as in query.page")
    what: str = Field(description="What is wrong with it")


class Problem(Schema):
    """Why there is no answer."""

    code: str = Field(description="Code of the reason, stable over versions")
    detail: str = Field(description="The reason in Chinese")
    detail_en: str = Field("", description="The reason in English")
    status: int = Field(0, description="The status code once more")
    faults: list[Fault] = Field(default_factory=list, description="For 422: every parameter at fault")


CODES = (401, 403, 404, 409, 422, 429)
DECLARED: dict[Any, Any] = dict.fromkeys(CODES, Problem)
"""Every operation declares these besides its 200."""


def problem(
    status: int, code: str, parameters: dict[str, Any] | None = None, faults: tuple[Fault, ...] = ()
) -> dict[str, Any]:
    """The body of a problem."""
    return {
        "code": code,
        "detail": reason(code, parameters, "zh"),
        "detail_en": reason(code, parameters, "en"),
        "status": status,
        "faults": [fault.model_dump() for fault in faults],
    }


def refused(faults: dict[str, str]) -> ValidationError:
    """422 for parameters by name, each with a code of what is wrong."""
    return ValidationError(
        [{"loc": ("query", name), "msg": say(code, "en")} for name, code in faults.items()]
    )


def handle(api: NinjaAPI) -> None:
    """Let every error of an operation become a problem."""

    def answer(request: HttpRequest, status: int, code: str, **rest: Any) -> HttpResponse:
        return api.create_response(request, problem(status, code, **rest), status=status)

    @api.exception_handler(AuthenticationError)
    def unknown_caller(request: HttpRequest, error: Any) -> HttpResponse:
        response = answer(request, 401, "api.sign_in")
        response.headers["WWW-Authenticate"] = 'Bearer realm="junheng"'
        return response

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 403, "api.forbidden")

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 404, "api.not_found")

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        faults = tuple(
            Fault(where=".".join(map(str, one["loc"])), what=str(one["msg"])) for one in error.errors
        )
        return answer(request, 422, "api.invalid", faults=faults)

    @api.exception_handler(SuspiciousOperation)
    def suspicious(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 422, "api.invalid")

    @api.exception_handler(Throttled)
    def too_many(request: HttpRequest, error: Any) -> HttpResponse:
        response = answer(request, 429, "api.too_many")
        response.headers["Retry-After"] = str(int(error.wait or 1))
        return response

    @api.exception_handler(JunhengError)
    def house(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 409, error.code, parameters=error.parameters)

    for handler in (unknown_caller, forbidden, not_found, invalid, suspicious, too_many, house):
        assert callable(handler)
