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
