"""A browser window that shows specimens of pages under the strict policy, with their files and nothing else."""

import msgspec
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route

from renumber.policies.number_plans.formats import number_format
from renumber.web.brand.tile import tile_svg
from tests.web.specimens import TEMPLATES, rendered

ORIGIN = "https://account.example"
STRICT = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; manifest-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)

EXCHANGE = """html => {
  const shown = new DOMParser().parseFromString(html, "text/html");
  for (const part of shown.querySelectorAll("noscript")) part.remove();
  document.documentElement.dir = shown.documentElement.dir;
  document.documentElement.lang = shown.documentElement.lang;
  document.body.replaceWith(shown.body);
}"""

Specimen = tuple[str, str]


class Stage:
    """A browser window in which specimens are shown under the strict policy."""

    def __init__(self, context: BrowserContext) -> None:
        self.html = ""
        self.posted: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.route(f"{ORIGIN}/**", self._serve)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def show(self, specimen: Specimen, language: str = "en", path: str = "/") -> Page:
        self.html = rendered(specimen, language)
        self.page.goto(ORIGIN + path)
        return self.page

    def exchange(self, html: str) -> None:
        """Show another page in the document that is loaded: all share their styles, and no script runs again."""
        self.page.evaluate(EXCHANGE, html)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if route.request.method == "POST":
            self.posted.append(f"{path} {route.request.post_data}")
        if path == "/brand.css":
            route.fulfill(body=TEMPLATES.brand_css("#0b5fff"), content_type="text/css")
        elif path == "/brand-icon.svg":
            headers = {"content-security-policy": STRICT}
            route.fulfill(body=tile_svg("Example Card", "#0b5fff"), content_type="image/svg+xml", headers=headers)
        elif path.startswith("/static/"):
            asset = TEMPLATES.assets[path.split("/", 3)[3]]
            content = b"" if path.endswith("/posting.js") else asset.content  # which would leave the page at once
            route.fulfill(body=content, content_type=asset.media_type)
        elif path.startswith("/number-formats/"):
            rules = msgspec.json.encode(number_format(path.rpartition("/")[2]))
            route.fulfill(body=rules, content_type="application/json")
        elif route.request.resource_type == "eventsource":
            route.fulfill(body="retry: 60000\n\n", content_type="text/event-stream")
        elif route.request.resource_type == "fetch":
            route.fulfill(status=204)  # nothing has happened yet, so that a page which asks stays
        else:
            headers = {"content-security-policy": STRICT}
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8", headers=headers)
