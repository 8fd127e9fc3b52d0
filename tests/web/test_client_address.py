"""The address of a client: what our own proxies have seen, and nothing that the client itself has written."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.web.client import Address, client_ip

PEER, INNER, OUTER = "10.0.0.2", "10.0.0.1", "2001:db8:ffff::1"
TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "2001:db8:ffff::/48", "::ffff:192.0.2.0/120")))
CLIENT = "203.0.113.7"


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        # nothing is forwarded
        ([], PEER),
        ([""], PEER),
        # one line
        (["203.0.113.7"], CLIENT),
        (["198.51.100.9, 203.0.113.7"], CLIENT),
        (["198.51.100.9,203.0.113.7,10.0.0.1"], CLIENT),
        (["198.51.100.9 ,\t203.0.113.7\t, 2001:db8:ffff::1"], CLIENT),
        # several lines are one list, in their order (RFC 9110 section 5.3)
        (["198.51.100.9", "203.0.113.7"], CLIENT),
        (["198.51.100.9, 198.51.100.8", "203.0.113.7", "10.0.0.1"], CLIENT),
        (["198.51.100.9", "203.0.113.7, 10.0.0.1"], CLIENT),
        (["203.0.113.7", "10.0.0.1"], CLIENT),
        # with a port
        (["203.0.113.7:4711"], CLIENT),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["[2001:db8::7]"], "2001:db8::7"),
        (["2001:db8::7"], "2001:db8::7"),
        (["203.0.113.7:4711, 10.0.0.1:443"], CLIENT),
        (["203.0.113.7, [2001:db8:ffff::1]:443"], CLIENT),
        # quoted
        (['"203.0.113.7"'], CLIENT),
        (['"203.0.113.7:4711"'], CLIENT),
        (['"[2001:db8::7]:4711"'], "2001:db8::7"),
        (['198.51.100.9, "203.0.113.7", "10.0.0.1"'], CLIENT),
        # a quote that nobody closes hides nothing that stands to its right
        (['"198.51.100.9', "203.0.113.7"], CLIENT),
        (['"198.51.100.9, 203.0.113.7'], CLIENT),
        # mapped, in every form
        (["::ffff:203.0.113.7"], CLIENT),
        (["[::ffff:203.0.113.7]:4711"], CLIENT),
        (["::ffff:cb00:7107"], CLIENT),
        (["203.0.113.7, ::ffff:10.0.0.1"], CLIENT),
        (["203.0.113.7, 192.0.2.1"], CLIENT),
        # with a zone, which is a matter of the machine that wrote it
        (["fe80::7%eth0"], "fe80::7"),
        (["[fe80::7%25eth0]:4711"], "fe80::7"),
        (["203.0.113.7, 2001:db8:ffff::1%eth1"], CLIENT),
        # what can't be read ends the list: what stands to its left may be anybody's
        (["198.51.100.9, unknown"], PEER),
        (["198.51.100.9, unknown, 10.0.0.1"], INNER),
        (["198.51.100.9, , 10.0.0.1"], INNER),
        (["198.51.100.9", "", "10.0.0.1"], INNER),
        (["198.51.100.9", ""], PEER),
        (["198.51.100.9,"], PEER),
        (["198.51.100.9, _hidden, 10.0.0.1"], INNER),
        (["198.51.100.9, 010.0.0.1"], PEER),
        (["198.51.100.9, 203.0.113.7:port"], PEER),
        (["198.51.100.9, 203.0.113.7:4711:1"], PEER),
        (["198.51.100.9, [203.0.113.7]x"], PEER),
        (["198.51.100.9, [2001:db8::7"], PEER),
        (["198.51.100.9, for=203.0.113.7"], PEER),
        (["198.51.100.9, unix:"], PEER),
        (["198.51.100.9, ٣.0.113.7"], PEER),
        # all are ours: the farthest of them asked
        (["10.0.0.9, 10.0.0.1"], "10.0.0.9"),
        (["10.0.0.9", "10.0.0.1"], "10.0.0.9"),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_no_proxy_of_ours(lines: list[str], address: str) -> None:
    assert client_ip(PEER, lines, TRUSTED) == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("::ffff:10.0.0.2", CLIENT),  # a server that listens at "::" sees IPv4 so
        ("::ffff:0a00:0002", CLIENT),
        ("2001:db8:ffff::2", CLIENT),
        ("2001:db8:ffff::2%eth0", CLIENT),
        ("192.0.2.2", CLIENT),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:0DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", ""),
        ("testclient", ""),
    ],
)
def test_only_a_proxy_of_ours_is_believed(peer: str, address: str) -> None:
    assert client_ip(peer, ["203.0.113.7"], TRUSTED) == address


ADDRESSES = st.one_of(st.ip_addresses().map(str), st.ip_addresses(v=4).map("::ffff:{}".format))
WRITTEN = st.lists(
    st.one_of(
        st.text(max_size=60),
        ADDRESSES,
        ADDRESSES.map('"{}"'.format),
        st.sampled_from(["10.0.0.1", "unknown", "", ",", '"', "[", "[::1]:", "10.0.0.1:1, ", "%", "203.0.113.7"]),
    ),
    max_size=20,
)


def is_a_stranger_s(address: Address) -> bool:
    """Tell whether it is neither ours nor written in the form of another."""
    is_ours = any(address in network for network in TRUSTED if network.version == address.version)
    return not is_ours and getattr(address, "ipv4_mapped", None) is None


SEEN = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).filter(is_a_stranger_s)
FORMS = st.sampled_from(["{}", "[{}]:4711", '"[{}]"'])


@given(
    written=WRITTEN,
    seen=SEEN,
    form=FORMS,
    inner=st.lists(st.sampled_from([INNER, OUTER]), max_size=3),
    own=st.booleans(),
)
def test_whatever_a_client_writes_it_stays_where_it_was_seen(
    written: list[str], seen: Address, form: str, *, inner: list[str], own: bool
) -> None:
    told = form.format(seen) if seen.version == 6 else str(seen)
    added = [*written, told] if own or not written else [*written[:-1], f"{written[-1]}, {told}"]

    assert client_ip(PEER, [*added, *inner], TRUSTED) == str(seen)


@given(written=WRITTEN, peer=SEEN)
def test_whatever_a_client_writes_to_us_without_a_proxy_counts_for_nothing(written: list[str], peer: Address) -> None:
    assert client_ip(str(peer), written, TRUSTED) == str(peer)


def test_a_list_beyond_the_bound_is_read_no_further() -> None:
    assert client_ip(PEER, [", ".join(["198.51.100.9", *[INNER] * 100])], TRUSTED) == INNER
