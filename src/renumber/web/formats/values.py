"""Formats of values on pages: times in the person's zone, browsers and contacts in their language."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from renumber.domain.typed.names import isolated
from renumber.locale import formatted, zone_name
from renumber.web.client import OwnZone

# Patterns of Unicode's TR 35, which the catalogues translate. A time and its word, a day and its month stay on one
# line: \u00a0 is the space that doesn't break.
MOMENT = "d\u00a0MMMM y, HH:mm"
CLOCK = "HH:mm"
CLOCK_AND_DAY = "HH:mm 'on' d\u00a0MMMM"
DAY = "d\u00a0MMMM y"
PATTERNS = (MOMENT, CLOCK, CLOCK_AND_DAY, DAY)
Say = Callable[[str], str]
ON_ONE_LINE = 24  # as many letters as a phone has room for
_IN_BACKTICKS = re.compile(r"`([^`]*)`")


def moment(at: datetime, *, zone: ZoneInfo, language: str, say: Say) -> str:
    """Show a date and a time with the zone: `24 November 2026, 14:32 CET`."""
    local = at.astimezone(zone)
    return f"{formatted(local, say(MOMENT), language)}\u00a0{zone_name(local, language)}"


def clock(at: datetime, now: datetime, *, zone: ZoneInfo, language: str, say: Say) -> str:
    """Show the time of day, with zone and day unless it is today in the person's own: `14:32 CET on 25 November`."""
    local = at.astimezone(zone)
    time, is_today = formatted(local, say(CLOCK), language), local.date() == now.astimezone(zone).date()
    if is_today and isinstance(zone, OwnZone):
        return time
    shown = time if is_today else formatted(local, say(CLOCK_AND_DAY), language)
    return shown.replace(time, f"{time}\u00a0{zone_name(local, language)}", 1)


@pass_context
def local_time(context: Context, at: datetime) -> Markup:
    """Filter: a whole moment, readable by machines too."""
    page = context["page"]
    return _time_element(at, moment(at, zone=page.zone, language=page.language, say=context["gettext"]))


@pass_context
def clock_time(context: Context, at: datetime) -> Markup:
    """Filter: the time of day, readable by machines too."""
    page = context["page"]
    shown = clock(at, page.now, zone=page.zone, language=page.language, say=context["gettext"])
    return _time_element(at, shown)


def _time_element(at: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), text)


@pass_context
def day(context: Context, at: datetime) -> Markup:
    """Filter: the day alone, readable by machines too."""
    page = context["page"]
    return _time_element(at, formatted(at.astimezone(page.zone), context["gettext"](DAY), page.language))


@pass_context
def seconds_left(context: Context, at: datetime | None) -> int:
    """Filter: whole seconds from now until then, never below zero."""
    return max(0, round((at - context["page"].now).total_seconds())) if at else 0


@pass_context
def browser_name(context: Context, name: str) -> str:
    """Filter: `Firefox on Windows` in the person's language."""
    browser, found, system = name.partition(" on ")
    if not name:
        return str(context.call(context["gettext"], "Unknown browser"))
    if not found:
        return name
    return str(context.call(context["gettext"], "%(browser)s on %(system)s", browser=browser, system=system))


def breakable(address: str) -> Markup:
    """Filter: an IP address that ends a line after a colon, not within a group."""
    return Markup(":<wbr>").join(address.split(":"))


def steps(path: str) -> Markup:
    """Filter: the path of an endpoint that ends a line before a slash, not within a name."""
    return Markup("<wbr>/").join(path.split("/"))


def joints(name: str) -> Markup:
    """Filter: a name of the API that ends a line after an underscore, not within a word."""
    return Markup("_<wbr>").join(name.split("_"))


def with_code(text: str) -> Markup:
    """Filter: a sentence of the API's description, with what stands between backticks as code."""
    return Markup(_IN_BACKTICKS.sub(_code, str(escape(text))))  # noqa: S704 - escaped


def _code(found: re.Match[str]) -> str:
    """Keep a short one on one line, also at its hyphens."""
    return f'<code class="nowrap">{found[1]}</code>' if len(found[1]) <= ON_ONE_LINE else f"<code>{found[1]}</code>"


@lru_cache(1)
def contact(given: str) -> Markup:
    """Filter: the operator's support contact as a link, where it is an address."""
    if given.startswith(("https://", "mailto:", "tel:")):
        return Markup('<a href="{}">{}</a>').format(given, given.partition(":")[2].strip("/"))
    if "@" in given and " " not in given:
        return Markup('<a href="mailto:{0}">{0}</a>').format(given)
    return Markup("{}").format(given)


def in_threes(digits: str) -> str:
    """Filter: `042 317`, which the eye takes in at once; two digits stay together."""
    return " ".join(digits[at : at + 3] for at in range(0, len(digits), 3))


FILTERS: dict[str, Callable[..., object]] = {
    "local_time": local_time,
    "clock": clock_time,
    "day": day,
    "seconds_left": seconds_left,
    "browser_name": browser_name,
    "breakable": breakable,
    "contact": contact,
    "in_threes": in_threes,
    "isolated": isolated,
    "steps": steps,
    "joints": joints,
    "with_code": with_code,
}
