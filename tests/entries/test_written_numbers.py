"""The field of the new number, over HTTP and no script: habits are seen through, and the rest gets a sentence."""

from harness.server import Server

NUMBER = "/sign-in/number"
TAKEN = [
    ("MX", "044 55 1234 5678", "+525512345678"),
    ("AR", "011 15 2345-6789", "+5491123456789"),
    ("BR", "+55 11 8765-4321", "+5511987654321"),
    ("DE", "0044 (0)7400 123456", "+447400123456"),
]
REFUSED = [
    ("US", "1-800-FLOWERS", "has digits only", "(201) 555-0123"),
    ("DE", "0151 12345678 Durchwahl 5", "no extension", "01512 3456789"),
    ("AR", "15 2345-6789", "enter a mobile number", "011 15-2345-6789"),
    ("BR", "98765-4321", "digits are missing", "(11) 96123-4567"),
    ("MX", "1 55 1234 5678", "too many digits", "222 123 4567"),
]


def test_habits_are_seen_through_and_the_rest_is_told_with_the_country_s_example(
    server: Server,
) -> None:
    person = server.person()
    browser = person.come_to_number()
    browser.get(NUMBER)

    for country, typed, said, example in REFUSED:
        page = browser.submit(NUMBER, {"country": country, "number": typed})
        assert said in page.text, typed
        assert example in page.text, typed
        assert f'value="{typed}"' in page.text, typed
    for country, typed, number in TAKEN:
        browser.get(NUMBER)
        assert browser.post(NUMBER, {"country": country, "number": typed}).location == f"{NUMBER}/code", typed
        person.server.await_sent(person.account_id)
        assert len(person.server.sinks.sms.to(number)) == 1, typed
