"""Push services: https on an allowed host alone, however its address is written (OWASP ASVS 5.0 1.3.6)."""

import pytest

from renumber.policies.push_hosts import KNOWN, PushHost, may_post_to

NEAR = (PushHost("127.0.0.1", near_port=8123),)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def-_",
        "https://fcm.googleapis.com:443/fcm/send/abc",
        "https://FCM.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://wns2-par02p.notify.windows.com/w/?token=AwYAAA%3d",
        "https://web.push.apple.com/QGu",
    ],
)
def test_what_browsers_name_is_allowed(endpoint: str) -> None:
    assert may_post_to(endpoint, KNOWN)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "fcm.googleapis.com/fcm/send/abc",
        "//fcm.googleapis.com/fcm/send/abc",
        "http://fcm.googleapis.com/fcm/send/abc",
        "ftp://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://fcm.googleapis.com:x/fcm/send/abc",
        "https://fcm.googleapis.com.evil.example/abc",
        "https://evil.example/fcm.googleapis.com",
        "https://evil.example#fcm.googleapis.com",
        "https://evil.example\\@fcm.googleapis.com/",
        "https://fcm.googleapis.com\\@evil.example/",
        "https://fcm.googleapis.com@evil.example/",
        "https://me@fcm.googleapis.com/",
        "https://fcm.googleapis.com./",
        "https://notify.windows.com/",
        "https://evilnotify.windows.com/",
        "https://.notify.windows.com.evil.example/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[fcm.googleapis.com]/",
        "https://localhost/",
        "https://fcm.googleapis.com/ a",
        "https://fcm.googleapis.com/\r\nHost: evil.example",
        "https://fcm\u2024googleapis.com/",
        "https://fcm.googleapis.com/" + "a" * 1024,
        "http://127.0.0.1:8123/",
    ],
)
def test_anything_else_is_not(endpoint: str) -> None:
    assert not may_post_to(endpoint, KNOWN)


def test_a_service_of_a_test_is_one_port_of_this_machine() -> None:
    assert may_post_to("http://127.0.0.1:8123/push", NEAR)
    for endpoint in (
        "http://127.0.0.1:8124/",
        "http://127.0.0.1/",
        "https://127.0.0.1:8123/",
        "http://127.0.0.2:8123/",
    ):
        assert not may_post_to(endpoint, NEAR)
