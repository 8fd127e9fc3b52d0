"""Contrasts of colours, each looked at once: they follow from how letters look and from what lies under them.

Pages share one style sheet, so that most letters of one stand as those of an earlier page do. What axe-core can't
decide about a text is not kept: it may be decided elsewhere.
"""

import hashlib
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from harness.browser import OF_COLOURS, axe_source

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
  const known = new Map();  // each look is many, and few are different: a number of 106 bits stands for it
  const hashed = (text, seed) => {
    let one = 0xdeadbeef ^ seed, other = 0x41c6ce57 ^ seed;
    for (let at = 0; at < text.length; at++) {
      one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
      other = Math.imul(other ^ text.charCodeAt(at), 1597334677);
    }
    one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
    other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    return (4294967296 * (2097151 & other) + (one >>> 0)).toString(36);
  };
  const short = text => {
    if (!known.has(text)) known.set(text, hashed(text, 0) + hashed(text, 1));
    return known.get(text);
  };
  const grounds = new Map();
  const ground = part => {
    if (!grounds.has(part)) {
      const around = ["::before", "::after"].map(pseudo => read(part, GROUND, pseudo));
      grounds.set(part, short(read(part, GROUND) + around.filter(each => !each.startsWith(NOTHING)).join()));
    }
    return grounds.get(part);
  };
  const chains = new Map([[null, ""]]);
  const chain = part => {
    if (!chains.has(part)) chains.set(part, short(`${ground(part)}|${chain(part.parentElement)}`));
    return chains.get(part);
  };
  const exempt = part => [
    part.closest(":disabled, [aria-disabled=true], [inert], [aria-hidden=true]")?.tagName,
    part.closest("label")?.control?.disabled,
    part.id && Boolean(document.querySelector(`:disabled[aria-labelledby~="${CSS.escape(part.id)}"]`)),
  ].join();
  const described = (part, box, says) => {
    const around = part.closest("a")?.parentElement;
    const letters = [read(part, LETTERS), around ? read(around, LETTERS) : "", exempt(part), says];
    return { part, box, look: short([...letters, chain(part)].join("|")), lines: new Set() };
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
    [left + 1, (left + right) / 2, right - 1]
      .map(x => document.elementsFromPoint(x, (top + bottom) / 2).filter(other => !other.contains(part)))
      .map(under => short(under.map(ground).join("|")));
  const looks = () => {
    const all = [...texts(), ...fields()];
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
    return all.map(({ part, look, lines }) => ({ part, keys: [look, ...[...lines].map(under => `${look}|${under}`)] }));
  };
  const keys = parts => [...new Set(parts.flatMap(part => part.keys))];
"""
ALL_KEYS = f"() => {{ {KEYS} return keys(looks()); }}"
# Only what stands as nothing did before is looked at: its ground is found among all parts nevertheless.
LOOK = f"""async ([rules, unknown]) => {{ {KEYS}
  const fresh = new Set(unknown), parts = looks().filter(({{ keys }}) => keys.some(key => fresh.has(key)));
  const wished = {{ runOnly: rules, elementRef: true, resultTypes: ["violations", "incomplete"] }};
  const found = await axe.run({{ include: parts.map(({{ part }}) => part) }}, wished);
  const undecided = new Set(found.incomplete.flatMap(({{ nodes }}) => nodes.map(({{ element }}) => element)));
  const named = ({{ id, help, nodes }}) => `${{id}}: ${{help}} at ${{nodes.map(({{ target }}) => target).join(", ")}}`;
  return [found.violations.map(named), keys(parts.filter(({{ part }}) => !undecided.has(part)))];
}}"""


def shared_folder(made: pytest.TempPathFactory) -> Path:
    """Name a folder of all processes of one run."""
    own = made.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


class Colours:
    """What was looked at so far, and is legible: in a folder, by any process of the run."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._known = folder, set[str]()
        folder.mkdir(exist_ok=True, parents=True)

    def problems(self, page: Page) -> list[str]:
        """Name what axe-core finds wrong with a page's colours, unless each of its texts stands as an earlier one."""
        unknown = [key for key in page.evaluate(ALL_KEYS) if not self._is_legible(key)]
        if not unknown:
            return []
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe_source())
        problems, decided = page.evaluate(LOOK, [list(OF_COLOURS), unknown])
        for key in decided if not problems else ():
            self._place(key).touch()
        return list(problems)

    def _is_legible(self, key: str) -> bool:
        if key not in self._known and self._place(key).exists():
            self._known.add(key)
        return key in self._known

    def _place(self, key: str) -> Path:
        return self._folder / hashlib.sha256(key.encode()).hexdigest()
