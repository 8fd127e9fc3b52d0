"""Reading an authorization request; what isn't whole is answered where RFC 6749 4.1.2.1 says."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.oidc.request import AuthorizationRequest, Prompt, ResponseMode
from renumber.policies.joins import Application, Joins, Pkce
from renumber.policies.oidc.action import mistake_of_action, read_action
from renumber.policies.oidc.claims import CLAIMS_BY_SCOPE

Params = Mapping[str, Sequence[str]]
LONGEST = 1024  # characters of state and nonce, which we give back
OLDEST = 10 * 365 * 24 * 3600  # seconds, in `max_age`
_SHA256 = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # in base64url (RFC 7636 4.2, RFC 9449 10)
_ORIGIN = re.compile(r"(https?://[A-Za-z0-9.-]+(:[0-9]+)?)([/?]|$)", re.ASCII)
_NOT_TAKEN = {"request": "request_not_supported", "registration": "registration_not_supported"}
_ASKED_ONE_BY_ONE = frozenset(name for names in CLAIMS_BY_SCOPE.values() for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """An error for the application, which is named; without `redirect_uri` it is a page of ours, for want of trust."""

    error: str
    description: str
    application: str = ""
    redirect_uri: str = ""
    response_mode: ResponseMode = ResponseMode.QUERY
    state: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """The application that asks, and the address of its own to which the answer goes, and how."""

    application: Application
    redirect_uri: str
    response_mode: ResponseMode
    state: str = field(repr=False)

    def mistake(self, error: str, description: str) -> Mistake:
        """Answer the application with an error."""
        return Mistake(
            error=error,
            description=description,
            application=self.application.name,
            redirect_uri=self.redirect_uri,
            response_mode=self.response_mode,
            state=self.state,
        )


def addressed(params: Params, joins: Joins) -> Addressed | Mistake:
    """Find who asks and where the answer goes: until both are certain, nothing is sent anywhere (RFC 9700 4.1)."""
    application = joins.application(_one(params, "client_id"))
    if application is None:
        return Mistake(error="invalid_client", description="There is no application of this client_id.")
    redirect_uri = _one(params, "redirect_uri")
    if redirect_uri not in application.redirect_uris:
        return Mistake(error="invalid_redirect_uri", description="The redirect_uri is none of the application's.")
    is_posted = _one(params, "response_mode") == ResponseMode.FORM_POST and bool(origin_of(redirect_uri))
    mode = ResponseMode.FORM_POST if is_posted else ResponseMode.QUERY
    state = _one(params, "state")[:LONGEST]
    return Addressed(application=application, redirect_uri=redirect_uri, response_mode=mode, state=state)


def origin_of(uri: str) -> str:
    """The origin of a page on the web, as a Content-Security-Policy can name it; empty for any other address."""
    found = _ORIGIN.match(uri)
    return found[1] if found else ""


def read_request(to: Addressed, params: Params, now: datetime, *, subject: str) -> AuthorizationRequest | Mistake:
    """Read all else; `subject` is the account that a verified `id_token_hint` names, or empty."""
    error = _first_mistake(to, params)
    if error:
        return to.mistake(*error)
    wanted = _claims(_one(params, "claims"))
    max_age, one_by_one = _max_age(params), wanted or Wanted()
    if wanted is None or max_age is False:
        return to.mistake("invalid_request", "The parameter claims or max_age can't be read.")
    return AuthorizationRequest(
        client_id=to.application.client_id,
        redirect_uri=to.redirect_uri,
        response_mode=to.response_mode,
        state=to.state,
        nonce=_one(params, "nonce"),
        challenge=_one(params, "code_challenge"),
        jkt=_one(params, "dpop_jkt"),
        scopes=frozenset(_words(params, "scope")) & to.application.scopes,
        prompts=frozenset(Prompt(each) for each in _words(params, "prompt")),
        max_age=max_age,
        acr_values=one_by_one.acr_values or tuple(_words(params, "acr_values")),
        acr_is_essential=one_by_one.acr_is_essential,
        login_hint=_one(params, "login_hint")[:320],
        ui_locales=tuple(_words(params, "ui_locales"))[:8],
        subject=subject or one_by_one.subject,
        id_token_claims=one_by_one.id_token,
        userinfo_claims=one_by_one.userinfo,
        action=read_action(_one(params, "action")),
        asked_at=now,
    )


def _first_mistake(to: Addressed, params: Params) -> tuple[str, str] | None:
    application = to.application
    return (
        _mistake_of_form(params)
        or _mistake_of_answer(to, params)
        or _mistake_of_scope(application, params)
        or _mistake_of_prompt(params)
        or _mistake_of_pkce(application, params)
        or _mistake_of_key(params)
        or mistake_of_action(application, params)
    )


def _mistake_of_form(params: Params) -> tuple[str, str] | None:
    repeated = sorted(name for name, values in params.items() if len(values) > 1)
    if repeated:  # RFC 6749 3.1
        return "invalid_request", "A parameter stands there twice."
    for name, error in _NOT_TAKEN.items():
        if name in params:
            return error, f"The parameter {name} is not taken."
    if max(len(_one(params, "state")), len(_one(params, "nonce"))) > LONGEST:
        return "invalid_request", f"state and nonce have at most {LONGEST} characters."
    return None


def _mistake_of_answer(to: Addressed, params: Params) -> tuple[str, str] | None:
    if not _one(params, "response_type"):
        return "invalid_request", "The response_type is missing."
    if _one(params, "response_type") != "code":
        return "unsupported_response_type", "The response_type is code, and no other."
    if _one(params, "response_mode") not in ("", to.response_mode):
        return "invalid_request", "The response_mode is query, or form_post to a page on the web."
    return None


def _mistake_of_scope(application: Application, params: Params) -> tuple[str, str] | None:
    scopes = _words(params, "scope")
    if "openid" not in scopes:
        return "invalid_scope", "The scope openid is missing."
    return None if "openid" in application.scopes else ("invalid_scope", "The application may not sign people in.")


def _mistake_of_prompt(params: Params) -> tuple[str, str] | None:
    prompts = _words(params, "prompt")
    if set(prompts) - set(Prompt):
        return "invalid_request", "The prompt is none, login, consent or select_account."
    if Prompt.NONE in prompts and len(prompts) > 1:  # OpenID Connect Core 3.1.2.1
        return "invalid_request", "The prompt none stands alone."
    return None


def _mistake_of_key(params: Params) -> tuple[str, str] | None:
    if "dpop_jkt" in params and not _SHA256.fullmatch(_one(params, "dpop_jkt")):
        return "invalid_request", "The dpop_jkt is no SHA-256."
    return None


def _mistake_of_pkce(application: Application, params: Params) -> tuple[str, str] | None:
    """Take S256 alone: `plain` protects nothing that was read on the way (RFC 7636 7.2)."""
    challenge, method = _one(params, "code_challenge"), _one(params, "code_challenge_method")
    if not challenge and not method:
        is_optional = application.pkce is Pkce.OPTIONAL and not application.is_public
        return None if is_optional else ("invalid_request", "PKCE is required: the code_challenge is missing.")
    if method != "S256":
        return "invalid_request", "The code_challenge_method is S256, and no other."
    return None if _SHA256.fullmatch(challenge) else ("invalid_request", "The code_challenge is no SHA-256.")


def _max_age(params: Params) -> int | bool | None:
    """Read seconds; False for what is no such number."""
    given = _one(params, "max_age")
    if not given:
        return None
    return min(int(given), OLDEST) if given.isascii() and given.isdigit() and len(given) <= 10 else False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """All that the parameter `claims` asks for (OpenID Connect Core 5.5)."""

    id_token: frozenset[str] = frozenset()
    userinfo: frozenset[str] = frozenset()
    acr_values: tuple[str, ...] = ()
    acr_is_essential: bool = False
    subject: str = ""


def _claims(text: str) -> Wanted | None:
    """Read the parameter; None if it is no such JSON. Claims that we don't know are passed over."""
    if not text:
        return Wanted()
    try:
        given = json.loads(text)
    except ValueError:
        return None
    except RecursionError:  # of JSON nested a thousand times
        return None
    of = [given.get(part, {}) for part in ("id_token", "userinfo")] if isinstance(given, dict) else []
    if not of or not all(isinstance(each, dict) for each in of):
        return None
    acr, subject = _detail(of[0], "acr"), _detail(of[0], "sub").get("value", "")
    return Wanted(
        id_token=frozenset(of[0]) & _ASKED_ONE_BY_ONE,
        userinfo=frozenset(of[1]) & _ASKED_ONE_BY_ONE,
        acr_values=_values(acr),
        acr_is_essential=acr.get("essential") is True,
        subject=subject if isinstance(subject, str) else "",
    )


def _detail(claims: Mapping[str, object], name: str) -> dict[str, object]:
    found = claims.get(name)
    return found if isinstance(found, dict) else {}


def _values(acr: Mapping[str, object]) -> tuple[str, ...]:
    values = acr.get("values", [acr.get("value")])
    return tuple(each for each in values if isinstance(each, str)) if isinstance(values, list) else ()


def _one(params: Params, name: str) -> str:
    values = params.get(name, ())
    return values[0] if len(values) == 1 else ""


def _words(params: Params, name: str) -> list[str]:
    return _one(params, name).split()
