"""Contrasts of colours, each looked at once: they follow from how letters look and from what lies under them.

Pages share one style sheet, so that most letters of one stand as those of an earlier page do. What axe-core can't
decide about a text is not kept: it may be decided elsewhere.
"""

from playwright.sync_api import Page

from harness.browser import OF_COLOURS

# For each visible text and field, the keys of all that its contrast follows from: its letters, those around a link, why
# it may be exempt, and every ground under its lines, of its ancestors and of whatever else lies there.
KEYS = r"""
  const LETTERS = ["color", "fontSize", "fontWeight", "fontStyle", "textShadow", "webkitTextStroke", "textDecoration",
    "borderBottom", "clip", "clipPath", "overflow"];
  const GROUND = ["backgroundColor", "backgroundImage", "backgroundClip", "opacity", "filter", "mixBlendMode",
    "boxShadow"];
  const NOTHING = "rgba(0, 0, 0, 0) none ";
  const read = (part, names, pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return names.map(name => style[name]).join(" ");
  };
  const grounds = new Map();
  const ground = part => {
    if (!grounds.has(part)) {
      const around = ["::before", "::after"].map(pseudo => read(part, GROUND, pseudo));
      grounds.set(part, read(part, GROUND) + around.filter(each => !each.startsWith(NOTHING)).join());
    }
    return grounds.get(part);
  };
  const chain = part => (part ? [ground(part), ...chain(part.parentElement)] : []);
  const exempt = part => [
    part.closest(":disabled, [aria-disabled=true], [inert], [aria-hidden=true]")?.tagName,
    part.closest("label")?.control?.disabled,
    part.id && Boolean(document.querySelector(`:disabled[aria-labelledby~="${CSS.escape(part.id)}"]`)),
  ].join();
  const described = (part, box, says) => {
    const around = part.closest("a")?.parentElement;
    const letters = [read(part, LETTERS), around ? read(around, LETTERS) : "", exempt(part), says];
    return { part, box, look: [...letters, ...chain(part)].join("|"), lines: new Set() };
  };
  const texts = () => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const said = text.data.trim(), box = new Range();
      box.selectNodeContents(text);
      if (said && text.parentElement.checkVisibility())
        found.push(described(text.parentElement, box, said.length > 1 && /[\p{L}\p{N}]/u.test(said)));
    }
    return found;
  };
  const fields = () => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter(part => part.checkVisibility())
    .map(part => described(part, part, [part.tagName, part.type, read(part, LETTERS, "::placeholder")].join()));
  const inSight = ({ top, bottom }) => (top + bottom) / 2 >= 0 && (top + bottom) / 2 < innerHeight;
  const others = (part, { left, right, top, bottom }) =>
    [left + 1, (left + right) / 2, right - 1].map(x =>
      document.elementsFromPoint(x, (top + bottom) / 2).filter(other => !other.contains(part)).map(ground).join("|"));
  const keys = undecided => {
    const all = [...texts(), ...fields()].filter(({ part }) => !undecided.has(part));
    const everything = new CSSStyleSheet(), before = scrollY;
    everything.replaceSync("* { pointer-events: auto !important }");
    document.adoptedStyleSheets.push(everything);
    for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
      scrollTo({ top, behavior: "instant" });
      for (const { part, box, lines } of all)
        for (const line of [...box.getClientRects()].filter(inSight))
          for (const under of others(part, line)) lines.add(under);
    }
    scrollTo({ top: before, behavior: "instant" });
    document.adoptedStyleSheets.pop();
    return [...new Set(all.flatMap(({ look, lines }) => [look, ...[...lines].map(under => `${look}||${under}`)]))];
  };
"""
ALL_KEYS = f"() => {{ {KEYS} return keys(new Set()); }}"
LOOK = f"""async rules => {{ {KEYS}
  const wished = {{ runOnly: rules, elementRef: true, resultTypes: ["violations", "incomplete"] }};
  const found = await axe.run("html", wished);
  const undecided = new Set(found.incomplete.flatMap(({{ nodes }}) => nodes.map(({{ element }}) => element)));
  const named = ({{ id, help, nodes }}) => `${{id}}: ${{help}} at ${{nodes.map(({{ target }}) => target).join(", ")}}`;
  return [found.violations.map(named), keys(undecided)];
}}"""


class Colours:
    """What was looked at so far, and is legible."""

    def __init__(self) -> None:
        self._legible: set[str] = set()

    def problems(self, page: Page) -> list[str]:
        """Name what axe-core finds wrong with a page's colours, unless each of its texts stands as an earlier one."""
        if self._legible.issuperset(page.evaluate(ALL_KEYS)):
            return []
        problems, decided = page.evaluate(LOOK, list(OF_COLOURS))
        if not problems:
            self._legible.update(decided)
        return list(problems)
