"""Spellings of a code as people type and paste it, and what is no code."""

from collections.abc import Callable

Spell = Callable[[str], str]


def in_script(zero: str) -> Spell:
    """Spell with the digits of a script, by its zero."""
    return lambda code: "".join(chr(ord(zero) + int(each)) for each in code)


def between(mark: str) -> Spell:
    """Spell with a mark between all digits."""
    return mark.join


SPELLINGS: dict[str, Spell] = {
    "arabic-indic": in_script("\u0660"),
    "persian": in_script("\u06f0"),
    "devanagari": in_script("\u0966"),
    "bengali": in_script("\u09e6"),
    "thai": in_script("\u0e50"),
    "full width": in_script("\uff10"),
    "adlam": in_script("\U0001e950"),
    "mathematical": in_script("\U0001d7d8"),
    "two scripts": lambda code: in_script("\u0660")(code[:3]) + code[3:],
    "keycaps": between("\ufe0f\u20e3"),
    "no-break spaces": between("\u00a0"),
    "thin spaces": between("\u202f"),
    "ideographic space": lambda code: f"{code[:3]}\u3000{code[3:]}",
    "zero-width spaces": between("\u200b"),
    "soft hyphens": between("\u00ad"),
    "hangul fillers": between("\u3164"),
    "en dash": lambda code: f"{code[:3]}\u2013{code[3:]}",
    "minus": lambda code: f"{code[:3]}\u2212{code[3:]}",
    "middle dot": lambda code: f"{code[:3]}·{code[3:]}",
    "isolates": lambda code: f"\u2066{code}\u2069",
    "marks of direction": lambda code: f"\u200e{code}\u200f",
    "byte order mark": lambda code: f"\ufeff{code}",
    "full stop": lambda code: f"{code}.",
    "number sign": lambda code: f"#{code}",
    "quotes": lambda code: f"„{code}“",
    "line break": lambda code: f"{code[:3]}\r\n{code[3:]}\t",
    "label": lambda code: f"Code: {code}",
    "label in german, full width colon": lambda code: f"Ihr Bestätigungscode\uff1a{code[:3]} {code[3:]}",
    "label in arabic": lambda code: f"رمز التحقق: {in_script(chr(0x660))(code)}",
    "prefix": lambda code: f"G-{code}",
    "twice": lambda code: f"{code} {code}",
    "message": lambda code: f"{code} is your code to sign in to Acme 24. It is valid for 10 minutes, until 14:35.",
    "grouped in a message": lambda code: f"Your code is {code[:3]}-{code[3:]}. Valid for 10 min.",
    "bound to an origin": lambda code: f"Shop 654320: {code} is your code.\n\n@shop.example #{code}",
}
NO_CODES = {
    "nothing": "",
    "spaces": " \u200b\u3000",
    "five": "12345",
    "seven": "1234567",
    "circled": "\u2460\u2461\u2462\u2463\u2464\u2465",
    "superscript": "\u00b9\u00b2\u00b3\u00b9\u00b2\u00b3",
    "a letter for a zero": "12345O",
    "roman": "\u2160\u2161\u2162\u2163\u2164\u2165",
    "two that differ": "123456 or 654321",
    "a phone number and a code": "Tel. 0157 998877, code 123-456",
    "words": "no code here",
}
