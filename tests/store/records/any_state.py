"""Any state of any kind that a mapper keeps, made up from the types of its fields."""

from dataclasses import fields
from datetime import timedelta
from enum import Enum
from string import ascii_lowercase
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from renumber.domain.phone_number import PhoneNumber
from renumber.store.records.mapper import EPOCH

END_OF_9999 = 253_402_300_799_999  # milliseconds
WORDS = st.text(ascii_lowercase, min_size=1, max_size=8)
OF_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
    bytes: st.binary(min_size=1, max_size=40),
    int: st.integers(0, 2**31 - 1),
    bool: st.booleans(),
    type(EPOCH): st.integers(0, END_OF_9999).map(lambda ms: EPOCH + timedelta(milliseconds=ms)),
    PhoneNumber: st.from_regex(r"\A\+[1-9][0-9]{6,14}\Z").map(PhoneNumber),
    frozenset[str]: st.frozensets(WORDS, max_size=3),
    tuple[str, ...]: st.lists(WORDS, max_size=3).map(tuple),
}


def any_state(kind: type[Any]) -> st.SearchStrategy[Any]:
    """A state of this kind that is new; its slot is the one that it always has, unless it may have several."""
    hints = get_type_hints(kind)
    made = {
        field.name: _any_of(hints[field.name])
        for field in fields(kind)
        if field.init and not (field.name == "slot" and hints["slot"] is str)
    }
    return st.builds(kind, **{**made, "version": st.just(0)} if "version" in made else made)


def _any_of(hint: Any) -> st.SearchStrategy[Any]:
    if hint in OF_TYPE:
        return OF_TYPE[hint]
    if NoneType in get_args(hint):
        (given,) = (one for one in get_args(hint) if one is not NoneType)
        return st.none() | _any_of(given)
    if get_origin(hint) in {tuple, frozenset}:
        return st.lists(_any_of(get_args(hint)[0]), max_size=3).map(tuple if get_origin(hint) is tuple else frozenset)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    assert isinstance(hint, type), f"no value of {hint} can be made up"
    return any_state(hint)
