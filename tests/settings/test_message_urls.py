"""The addresses of mail server and SMS providers: parsed once, refused where they would send in the clear."""

import pytest

from renumber.settings.sms_url import GenericSmsUrl, TwilioUrl, sms_urls
from renumber.settings.smtp_url import SmtpUrl, Tls, smtp_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.com", SmtpUrl(host="mail.example.com", port=587, tls=Tls.STARTTLS)),
        (
            "smtp://u%40x:p%2Fq@mail.example.com:2525",
            SmtpUrl(host="mail.example.com", port=2525, tls=Tls.STARTTLS, username="u@x", password="p/q"),
        ),
        ("smtp://mail.example.com?tls=starttls", SmtpUrl(host="mail.example.com", port=587, tls=Tls.STARTTLS)),
        ("smtps://mail.example.com", SmtpUrl(host="mail.example.com", port=465, tls=Tls.IMPLICIT)),
        ("smtp://127.0.0.1:1025?tls=none", SmtpUrl(host="127.0.0.1", port=1025, tls=Tls.NONE)),
        (
            "smtp://mail.example.com?smtputf8=yes",
            SmtpUrl(host="mail.example.com", port=587, tls=Tls.STARTTLS, smtputf8=True),
        ),
        ("smtp://[::1]?tls=none", SmtpUrl(host="::1", port=25, tls=Tls.NONE)),
    ],
)
def test_the_mail_server_is_read_from_its_url(url: str, expected: SmtpUrl) -> None:
    assert smtp_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "smtp://u:hunter2@mail.example.com?tls=none",
        "smtp://u:hunter2@mail.example.com?tls=maybe",
        "smtp://u:hunter2@mail.example.com?smtputf8=perhaps",
        "smtp://u:hunter2@mail.example.com?tls=starttls&more=1",
        "http://u:hunter2@mail.example.com",
        "smtp://u:hunter2@",
    ],
)
def test_a_url_that_would_send_in_the_clear_or_makes_no_sense_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"tls|smtp://|smtputf8") as refused:
        smtp_url(url)

    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(SmtpUrl(host="h", port=1, tls=Tls.NONE, username="u", password="hunter2"))


@pytest.mark.parametrize(
    "url",
    [
        "http+json://u:hunter2@gateway.example.com/send",
        "https://u:hunter2@gateway.example.com/send",
        "twilio://ACxxx:hunter2@",
        "twilio://hunter2",
        "twilio://AC1:hunter2@Card?api=http://api.example.com",
    ],
)
def test_a_provider_that_would_be_sent_to_in_the_clear_or_makes_no_sense_is_refused_without_its_password(
    url: str,
) -> None:
    with pytest.raises(ValueError, match=r"write|use|https") as refused:
        sms_urls(url)

    assert "hunter2" not in str(refused.value)


def test_the_key_in_the_query_of_a_gateway_belongs_to_its_endpoint_and_its_user_does_not() -> None:
    [generic] = sms_urls("https+json://user:p%40ss@sms.example/send?token=hunter2#part")

    assert isinstance(generic, GenericSmsUrl)
    assert generic.endpoint.geturl() == "https://sms.example/send?token=hunter2"
    assert generic.auth == ("user", "p@ss")
    assert "hunter2" not in repr(generic)
    assert "p@ss" not in repr(generic)


def test_an_account_at_twilio_names_its_sender_and_may_name_a_region() -> None:
    [usual, elsewhere] = sms_urls("twilio://AC1:hunter2@Example%20Card, twilio://AC1:t@MG1?api=https://ie.example/")

    assert isinstance(usual, TwilioUrl)
    assert isinstance(elsewhere, TwilioUrl)
    assert (usual.sid, usual.token, usual.sender) == ("AC1", "hunter2", "Example Card")
    assert usual.endpoint.geturl() == "https://api.twilio.com"
    assert elsewhere.endpoint.geturl() == "https://ie.example"
    assert "hunter2" not in repr(usual)
