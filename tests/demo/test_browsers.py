"""The two browsers of the page: neither sends what the other was given."""

import pytest

from renumber.demo.browsers import Browser, Headers, chosen_browser, cookies_of

HELD = "__Host-session=mine; __Host-other-session=theirs; __Host-language=de; time-zone=Europe%2FBerlin"


@pytest.mark.parametrize(
    ("browser", "sent"),
    [
        (Browser.OWN, {"__Host-session": "mine", "__Host-language": "de", "time-zone": "Europe%2FBerlin"}),
        (Browser.OTHER, {"__Host-session": "theirs", "__Host-language": "de", "time-zone": "Europe%2FBerlin"}),
    ],
)
def test_the_service_is_sent_the_cookies_of_one_browser_by_their_own_names(
    browser: Browser, sent: dict[str, str]
) -> None:
    headers: Headers = [(b"accept", b"*/*"), (b"Cookie", HELD.encode())]

    asked = dict(browser.asked(headers))

    assert cookies_of(asked[b"cookie"].decode()) == sent
    assert asked[b"accept"] == b"*/*"


@pytest.mark.parametrize("browser", Browser)
@pytest.mark.parametrize("name", ["__Host-session", "__Host-sign-in", "__Host-reset", "__Host-browser"])
def test_a_cookie_comes_back_to_the_browser_that_was_given_it_and_to_no_other(browser: Browser, name: str) -> None:
    (_, given), *_ = browser.answered([(b"set-cookie", f"{name}=x; Path=/; Secure".encode())])
    kept = given.partition(b";")[0]

    back = {each: dict(each.asked([(b"cookie", kept)])).get(b"cookie") for each in Browser}

    assert back == {each: f"{name}=x".encode() if each is browser else None for each in Browser}


def test_both_speak_one_language() -> None:
    (_, given), *_ = Browser.OTHER.answered([(b"set-cookie", b"__Host-language=en; Path=/")])

    assert given == b"__Host-language=en; Path=/"


@pytest.mark.parametrize(
    ("cookie", "browser"),
    [("", "own"), ("demo-browser=other", "other"), ("demo-browser=x", "own")],
)
def test_it_is_the_own_browser_unless_the_other_was_chosen(cookie: str, browser: str) -> None:
    assert chosen_browser(cookies_of(cookie)) == browser
