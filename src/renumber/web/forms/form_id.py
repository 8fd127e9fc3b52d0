"""The random id of a page with a form that names nothing else: the same form, sent twice, is one wish (decision 65)."""

from renumber.web.access import Form

LENGTH = 32  # characters, as many as an id of ours has


def form_id(form: Form) -> str:
    """Read it as the browser sent it; empty if a program filled in no page."""
    return form.get("form", "")[:LENGTH]
