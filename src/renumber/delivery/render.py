"""The rendering of messages: mails and text messages from templates, with links to this service alone."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from renumber.delivery.branding import Branding
from renumber.delivery.channel import Rendered, RenderedMail, RenderedPush, RenderedSms
from renumber.delivery.mail.pages import MailPages
from renumber.delivery.places import Places, nowhere
from renumber.delivery.ports import Secrets
from renumber.delivery.sms.text import code_line, fitting
from renumber.delivery.sms.wording import WITHOUT_STOP, WORDINGS
from renumber.delivery.times import local_time
from renumber.delivery.translations import Language, language_for
from renumber.delivery.untrusted_text import one_line, sanitized
from renumber.domain.messages.message import Channel, Derived, Message, Notice, long_code

ACTION_PATHS = {
    Notice.CHANGE_REQUESTED: "/phone-change/link/",
    Notice.ACTIVATION_LINK: "/sign-in/new-password/",
    Notice.PASSWORD_LINK: "/sign-in/new-password/",
    Notice.MAILBOX_SUSPENDED: "/sign-in/mailbox/",
    Notice.PASSWORD_LINK_FROZEN: "/sign-in/release/link/",
    Notice.RECOVERY_LINK: "/recovery/link/",
    Notice.RECOVERY_REQUEST: "/recovery/request/",
    Notice.CALLER_LINK: "/caller/link/",
}
PARAMS = (
    "name",
    "at",
    "browser",
    "ip",
    "number",
    "new_number",
    "hold_until",
    "factor",
    "left",
    "few",
    "doubted",
    "later_from",
    "wait_until",
    "without_password",
    "stronger",
    "certain",
    "case",
    "about",
    "answer",
    "company",
    "goes_on",
)


def _push(message: Message) -> RenderedPush:
    assert message.expires_at is not None, "a prompt has its end"
    prompt_id = message.params["prompt"]
    return RenderedPush(
        message_id=message.message_id,
        account_id=message.account_id,
        device_id=message.to,
        prompt_id=prompt_id,
        expires_at=message.expires_at,
    )


class Renderer:
    """Renders messages; codes and tokens are derived here, at the last moment, and kept nowhere."""

    def __init__(
        self, branding: Branding, secrets: Secrets, languages: Mapping[str, Language], *, places: Places = nowhere
    ) -> None:
        self._branding = branding
        self._places = places
        self._secrets = secrets
        self._languages = languages
        self._pages = {code: MailPages(branding, language) for code, language in self._languages.items()}

    def render(self, message: Message) -> Rendered:
        """Render a message for its channel."""
        if message.channel is Channel.PUSH:
            return _push(message)
        language = language_for(message.locale, self._languages)
        return self._sms(message, language) if message.channel is Channel.SMS else self._mail(message, language)

    def _mail(self, message: Message, language: Language) -> RenderedMail:
        page = self._pages[language.code].fill(message.notice, self._words(message, language))
        return RenderedMail(
            message_id=message.message_id,
            to=message.to,
            subject=page.subject,
            text=page.text,
            html=page.html,
            locale=language.code,
            created_at=message.created_at,
        )

    def _sms(self, message: Message, language: Language) -> RenderedSms:
        links = self._links(message)
        words = {"stop": links["stop"] or links["sign_in"], "sign_in": links["sign_in"], "code": self._code(message)}
        words |= {name: message.params.get(name, "") for name in ("left", "more")}
        last_line = code_line(self._branding.host, words["code"])
        said = WORDINGS[message.notice] if message.stop else {**WORDINGS, **WITHOUT_STOP}[message.notice]
        wordings = [language.say(wording) + last_line for wording in said]
        return RenderedSms(message.message_id, message.to, fitting(wordings, self._branding.brand, words))

    def _words(self, message: Message, language: Language) -> Mapping[str, Any]:
        params = sanitized(message.params)
        return {
            **dict.fromkeys(PARAMS, ""),
            "expires_at": message.expires_at.isoformat() if message.expires_at else "",
            **params,
            "place": one_line(self._places(params.get("ip", ""), language.code)),
            "browser": _browser(params.get("browser", ""), language),
            **self._links(message),
            "code": self._code(message),
            "time": self._times(message, language),
        }

    def _times(self, message: Message, language: Language) -> Callable[[str], str]:
        zones = (message.params.get("time_zone", ""), self._branding.time_zone)
        return cache(lambda at: local_time(at, zones, language))  # a mail says the same time several times

    def _links(self, message: Message) -> dict[str, str]:
        return {
            "action": self._link(ACTION_PATHS.get(message.notice, "/"), message.action),
            "stop": self._link("/freeze/", message.stop),
            "sign_in": self._branding.link("/sign-in"),
            "new_password": self._branding.link("/sign-in/forgotten"),
            "profile": self._branding.link("/profile"),
            "company_page": self._branding.link("/company"),
            "recovery_codes": self._branding.link("/profile/recovery-codes"),
        }

    def _link(self, path: str, token: Derived | None) -> str:
        return self._branding.link(path + self._secrets.token(token)) if token else ""

    def _code(self, message: Message) -> str:
        if message.code is None:
            return ""
        is_long = message.notice is Notice.LONG_CODE
        return long_code(self._secrets.code, message.code) if is_long else self._secrets.code(message.code)


def _browser(shown: str, language: Language) -> str:
    _ = language.say
    browser, on, system = shown.partition(" on ")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if on else browser
