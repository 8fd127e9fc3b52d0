"""What must never be seen in a log: one of each kind that the service knows."""

NUMBER = "+4915112345678"
SECRETS = {
    "number": NUMBER,
    "number as it is typed": "0151 123 45678",
    "e-mail address": "erika.muster@example.com",
    "code": "042317",
    "link token": "q7Xk2_vLp9-Wm3sTz8RbY1",
    "session cookie": f"{'a' * 32}.{'b' * 32}.q7Xk2_vLp9-Wm3sTz8RbY1",
    "path with a token": "/phone-change/link/q7Xk2_vLp9-Wm3sTz8RbY1",
    "password": "correct horse battery!",
    "IP address": "203.0.113.77",
    "line break": "request\n{}",
}

# As people type them, and as they come through whatever takes a text apart.
TYPED = (
    "+49 151 2345 6789",
    "+49-151-23456789",
    "(0151) 2345-6789",
    "0151.234.567",
    "0151_2345678",
    "030 12345",
    "123 456",
    "123-456",
    "12 34 56",
    "1 2 3 4 5 6",
    "042317",
    "erika.muster@example.com",
    "203.0.113.77",
    "2001:db8::77",
)
