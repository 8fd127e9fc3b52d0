"""The history at the console, for auditors: entries of all accounts, single chains, checkpoints, exports, reports."""

from renumber.web.console.audit import chain, checkpoints, entries, export, report
from renumber.web.routes import Route

routes: list[Route] = [*entries.routes, *chain.routes, *checkpoints.routes, *export.routes, *report.routes]
