"""A port that a test was given is its own: no other process of tests, connection or server comes to it before."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from harness.ports import FIRST, Ports, below_outgoing, free_port

HOLDS = """import sys
from pathlib import Path
from harness.ports import Ports
port = int(sys.argv[1])
print(Ports(range(port, port + 1), Path(sys.argv[2])).take(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def one(tmp_path: Path) -> Ports:
    """A range of a single port, which this test alone has."""
    port = free_port()
    return Ports(range(port, port + 1), tmp_path / "reserved")


def test_a_process_gets_no_port_twice_and_none_that_the_kernel_gives_to_connections() -> None:
    given = [free_port() for _ in range(300)]

    assert len(set(given)) == len(given)
    assert set(given) <= set(below_outgoing())


def test_a_port_is_one_processs_until_it_ends(one: Ports, tmp_path: Path) -> None:
    port = one.among[0]
    holding = [sys.executable, "-c", HOLDS, str(port), str(tmp_path / "reserved")]
    with subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert int(other.stdout.readline()) == port
        with pytest.raises(RuntimeError, match="no port is left"):
            one.take()

    assert Ports(one.among, tmp_path / "reserved").take() == port


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.7", "::1"])
def test_a_port_on_which_somebody_listens_at_any_address_is_not_given(one: Ports, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with (
        socket.create_server((address, one.among[0]), family=family),
        pytest.raises(RuntimeError, match="no port is left"),
    ):
        one.take()


def test_a_port_that_a_closed_connection_keeps_is_not_given(one: Ports) -> None:
    with socket.create_server(("127.0.0.1", one.among[0])) as listener:
        near = socket.create_connection(("127.0.0.1", one.among[0]))
        far, _ = listener.accept()
        far.close()
        near.close()

    with pytest.raises(RuntimeError, match="no port is left"):
        one.take()


@pytest.mark.parametrize(
    ("said", "last"), [("32768\t60999\n", 32767), ("30000\t60999\n", 29999), ("1024\t65535\n", 32767), (None, 32767)]
)
def test_ports_lie_below_those_of_connections_where_the_kernel_leaves_room(
    said: str | None, last: int, tmp_path: Path
) -> None:
    kernel = tmp_path / "ip_local_port_range"
    if said:
        kernel.write_text(said)

    assert below_outgoing(kernel) == range(FIRST, last + 1)


def test_others_of_the_machine_may_reserve_as_well(one: Ports, tmp_path: Path) -> None:
    assert (tmp_path / "reserved").stat().st_mode & 0o777 == 0o666
