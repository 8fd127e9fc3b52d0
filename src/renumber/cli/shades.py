"""Where pages and mails show another shade of the brand's colour than the chosen one."""

from renumber.policies.brand.colours import accent_on_dark, accent_on_light


def other_shades(colour: str) -> str:
    """Say where another shade of a colour is shown; nothing if it never is."""
    shades = (("light", accent_on_light(colour).text), ("dark", accent_on_dark(colour).text))
    moved = " and ".join(f"{shade} on {ground} ground" for ground, shade in shades if shade != colour)
    return f"as text it becomes {moved}, so that it can be read (WCAG 2.2)" if moved else ""
