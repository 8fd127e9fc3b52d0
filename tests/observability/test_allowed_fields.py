"""Nothing gets into a log but fields on the list, each in its shape."""

import ast

import pytest
import structlog

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal
from renumber.observability.fields import FIELDS
from renumber.observability.frames import place
from tests.observability.conftest import Log
from tests.observability.secrets import SECRETS, TYPED
from tests.shape.source import SOURCES

REASONS = (
    "sms-1: answered 400 (21211)",
    "sms-1: no answer (ConnectTimeout)",
    "given up: the mail server refused: 451",
    "no session with the mail server: SMTPServerDisconnected",
    "the address or subject can't stand in a mail header",
    "unexpected AttributeError",
    "gateway-1: answered 503; twilio-2: answered 429 (20429); gateway-3: no answer (ReadError)",
    "PostgreSQL can't be reached: [Errno 111] Connect call failed ('127.0.0.1', 5432)",
)


def test_a_field_that_is_not_on_the_list_is_left_out(logged: Log) -> None:
    structlog.get_logger().info("request", phone="+4915112345678", status=200)

    (line,) = logged.lines
    assert "4915112345678" not in logged.text
    assert line["status"] == 200
    assert line["left_out"] == 1


def test_what_says_nothing_is_not_counted_as_left_out(logged: Log) -> None:
    structlog.get_logger().info("message_settled", reason=None, attempt=1)

    (line,) = logged.lines
    assert "left_out" not in line
    assert "reason" not in line


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_takes_what_people_and_their_links_are_known_by(name: str) -> None:
    taken = [kind for kind, secret in SECRETS.items() if FIELDS[name](secret)]

    assert taken == []


@pytest.mark.parametrize("around", ["{}", "given up: {}", "said {} and left", "id_{}", "file.py:{}", "{}:1", "Error{}"])
@pytest.mark.parametrize("typed", TYPED)
def test_no_field_takes_a_number_a_code_or_an_address_however_it_is_spaced(typed: str, around: str) -> None:
    text = around.format(typed)
    spaced = (text, text.replace(" ", "_"), text.replace(" ", "-"))

    taken = [(name, each) for name, fits in FIELDS.items() for each in spaced if fits(each) or fits([each])]

    assert taken == []


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_takes_a_whole_object(name: str) -> None:
    assert not FIELDS[name]({"number": SECRETS["number"]})
    assert not FIELDS[name](ValueError(SECRETS["number"]))
    assert not FIELDS[name]([SECRETS["number"]])
    assert not FIELDS[name](int(SECRETS["number"]))


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_in_a_reason_takes_the_reason_with_it(secret: str, logged: Log) -> None:
    structlog.get_logger().info("message_settled", reason=f"no such mailbox: {secret}", channel="email")

    assert secret not in logged.text
    assert logged.lines[0]["channel"] == "email"


@pytest.mark.parametrize("reason", REASONS)
def test_the_reasons_of_failed_deliveries_are_told(reason: str) -> None:
    assert FIELDS["reason"](reason)


@pytest.mark.parametrize(
    "file", ["<frozen importlib._bootstrap>", "<string>", "/run.py", "my folder/my app.py", "a/b/c.py"]
)
@pytest.mark.parametrize("function", ["<lambda>", "<module>", "send"])
def test_every_place_in_the_code_can_be_told(file: str, function: str) -> None:
    assert FIELDS["at"](place(file, 12345, function))


@pytest.mark.parametrize("act", [*Fact, *Refusal])
def test_every_act_and_refusal_has_a_name_that_may_be_told(act: str) -> None:
    assert FIELDS["acts"]([act])
    assert FIELDS["refusal"](act)


def test_what_our_own_code_logs_is_on_the_list() -> None:
    unknown = [
        f"{source.name}:{call.lineno} {keyword.arg}"
        for source in SOURCES
        if "structlog" in source.path.read_text(encoding="utf-8") and source.room != "observability"
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and is_log_call(call)
        for keyword in call.keywords
        if keyword.arg and keyword.arg not in {*FIELDS, "exc_info"}  # which becomes a fault and its frames
    ]

    assert unknown == []


def is_log_call(call: ast.Call) -> bool:
    """Whether this calls `log.info` or the like on a structlog logger."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"info", "warning", "error", "exception"}:
        return False
    return ast.unparse(call.func.value) in {"log", "structlog.get_logger()"}
