"""Writes a small MMDB file, as the MaxMind DB File Format Specification 2.0 has it, for tests alone."""

import struct
from collections.abc import Mapping
from ipaddress import ip_network

Node = list["int | Node | None"]  # two ways on: to another node, to a record, or to nothing
MARKER = b"\xab\xcd\xefMaxMind.com"
SEPARATOR = bytes(16)


def an_mmdb(records: Mapping[str, object], ip_version: int = 4) -> bytes:
    """The file that says these records of these networks."""
    tree: Node = [None, None]
    data = b""
    for network, record in records.items():
        _plant(tree, network, ip_version, at=len(data))
        data += _encoded(record)
    nodes = _numbered(tree)
    metadata = {
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1,
        "languages": ["en"],
    }
    metadata |= {"database_type": "City", "description": {"en": "a test"}, "ip_version": ip_version}
    metadata |= {"node_count": len(nodes), "record_size": 24}
    return _search_tree(nodes) + SEPARATOR + data + MARKER + _encoded(metadata)


def _plant(tree: Node, network: str, ip_version: int, *, at: int) -> None:
    parsed = ip_network(network)
    bits = f"{int(parsed.network_address):0{parsed.max_prefixlen}b}"[: parsed.prefixlen]
    bits = "0" * 96 + bits if ip_version == 6 and parsed.version == 4 else bits
    node = tree
    for bit in map(int, bits[:-1]):
        if not isinstance(node[bit], list):
            node[bit] = [None, None]
        way = node[bit]
        assert isinstance(way, list)
        node = way
    node[int(bits[-1])] = at


def _numbered(tree: Node) -> list[Node]:
    nodes = [tree]
    for node in nodes:
        nodes.extend(way for way in node if isinstance(way, list))
    return nodes


def _search_tree(nodes: list[Node]) -> bytes:
    numbers = {id(node): number for number, node in enumerate(nodes)}
    count = len(nodes)

    def record(way: "int | Node | None") -> bytes:
        if isinstance(way, list):
            return numbers[id(way)].to_bytes(3)
        return (count if way is None else count + len(SEPARATOR) + way).to_bytes(3)

    return b"".join(record(way) for node in nodes for way in node)


def _encoded(value: object) -> bytes:
    if isinstance(value, str):
        return _control(2, len(value.encode())) + value.encode()
    if isinstance(value, int):
        return _control(9, 8) + struct.pack(">Q", value)
    if isinstance(value, Mapping):
        return _control(7, len(value)) + b"".join(_encoded(key) + _encoded(one) for key, one in value.items())
    assert isinstance(value, list)
    return _control(11, len(value)) + b"".join(map(_encoded, value))


def _control(kind: int, size: int) -> bytes:
    assert size < 29, "longer ones are written in another way"
    return bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])
