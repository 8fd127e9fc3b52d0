"""How a server's processes get their memory from Linux."""

from pathlib import Path

LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
TUNABLES = "GLIBC_TUNABLES"
# argon2 works in 19 MiB. A block of that size goes back to the system when a check is done, and comes back in a few
# large pages; in 4864 small ones that would cost half of a check, so without large pages it is kept.
_RETURNED = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304"


def tunables(large_pages: Path = LARGE_PAGES) -> str:
    """What to tell the C library of a server: nothing, unless its kernel has large pages for those who ask."""
    try:
        choice = large_pages.read_text()
    except OSError:
        return ""
    return "" if "[never]" in choice else _RETURNED
