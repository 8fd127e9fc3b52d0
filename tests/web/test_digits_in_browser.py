"""The browser reads a code by the same rule as the service."""

import sys
import unicodedata
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser

import renumber.web
from renumber.domain.typed.codes import digits_in
from tests.domain.typed_codes import NO_CODES, SPELLINGS

MODULE = Path(renumber.web.__file__).parent / "static" / "digits.js"
EVERY_DIGIT = [chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Nd"]
READ = "async ([url, all]) => (await import(url).then((read) => all.map((typed) => read.digitsIn(typed, 1, 6))))"


def test_the_browser_reads_what_the_service_reads(browser: Browser) -> None:
    typed = [*(spell("120986") for spell in SPELLINGS.values()), *NO_CODES.values(), *EVERY_DIGIT]
    url = f"data:text/javascript;base64,{b64encode(MODULE.read_bytes()).decode()}"
    page = browser.new_page()

    read = page.evaluate(READ, [url, typed])
    page.close()

    assert read == [digits_in(each, 1, 6) for each in typed]
