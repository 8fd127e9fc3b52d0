"""The table of all commands: their names, what they do in a sentence, and the function that does it.

`--help` and the completion of a shell are answered from here alone. All commands together load the store, the web
framework and the mail client, which takes longer than anybody waits for a list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A command: what it does, where its function is, and its own commands if it is a group."""

    does: str
    function: str = ""
    commands: Mapping[str, "Listed"] = field(default_factory=dict)
    is_hidden: bool = False


ACCOUNT = {
    "create": Listed(
        does="Create an account; without a password, its owner is sent a link to choose one.",
        function="renumber.cli.account.create:create",
    ),
    "import": Listed(
        does="Create many accounts from a CSV file; good rows are kept, bad ones told, and it is safe to repeat.",
        function="renumber.cli.account.importing:import_",
    ),
    "invite": Listed(
        does="Send the link once more with which the owner of a new account chooses its password.",
        function="renumber.cli.account.invite:invite",
    ),
    "list": Listed(
        does="List accounts a page at a time, addresses and numbers masked.",
        function="renumber.cli.account.listing:list_",
    ),
    "search": Listed(
        does="Find accounts by an e-mail address, a phone number or an id.",
        function="renumber.cli.account.search:search",
    ),
    "show": Listed(
        does="Show an account: its state, its open change, wrong codes, and what happened last.",
        function="renumber.cli.account.show:show",
    ),
    "sessions": Listed(
        does="Show where an account is signed in.",
        function="renumber.cli.account.sessions:sessions",
    ),
    "freeze": Listed(
        does="Freeze an account: open changes stop, sessions end, and nobody signs in.",
        function="renumber.cli.account.freeze:freeze",
    ),
    "unfreeze": Listed(
        does="Release a frozen account, with the number that it had before a change in the week before the freeze.",
        function="renumber.cli.account.freeze:unfreeze",
    ),
    "erase": Listed(
        does="Erase a person: every identifier goes, the history of what happened stays.",
        function="renumber.cli.account.erase:erase",
    ),
}

AUDIT = {
    "verify": Listed(
        does="Verify the audit log: every chain, its end, the signed checkpoints, and anchors from outside.",
        function="renumber.cli.audit.verify:verify",
    ),
    "show": Listed(
        does="Show the newest entries of the audit log, of one account or of all.",
        function="renumber.cli.audit.show:show",
    ),
    "export": Listed(
        does="Export the audit log as JSON Lines or CSV, of one account or of all, and of a time range.",
        function="renumber.cli.audit.export:export",
    ),
    "report": Listed(
        does="Write a report on one account, to print, for a court or a bank's auditor.",
        function="renumber.cli.audit.report:report",
    ),
}

JOINS = {
    "check": Listed(
        does="Check the joins file, and the files that it names.", function="renumber.cli.joins.check:check"
    ),
    "list": Listed(
        does="List the applications, webhooks and API keys that have joined.",
        function="renumber.cli.joins.listing:list_",
    ),
    "enable": Listed(
        does="Switch a webhook on again whose receiver had answered 410 Gone.",
        function="renumber.cli.joins.switches:enable",
    ),
    "replay": Listed(
        does="Send events to a webhook again: one, or all since a time.",
        function="renumber.cli.joins.replay:replay",
    ),
    "secret": Listed(
        does="Make a secret for an application or a webhook, or an API key.",
        function="renumber.cli.joins.secret:secret",
    ),
}

KEYS = {
    "rotate": Listed(
        does="Make a new key and seal everything anew, while the service runs; goes on where it was broken off.",
        function="renumber.cli.keys:rotate",
    ),
    "retire": Listed(
        does="Drop the previous key, once no session, link, message or count needs it: up to a day after the rotation.",
        function="renumber.cli.keys:retire",
    ),
    "replace-signing": Listed(
        does="Replace the keys that ID tokens are signed with, at once, after a theft.",
        function="renumber.cli.signing_keys:replace_signing",
    ),
}

DEAD_MESSAGES = {
    "list": Listed(
        does="List dead messages by id and reason; whom they are for and what they say stays sealed.",
        function="renumber.cli.dead_messages:list_",
    ),
    "retry": Listed(
        does="Send a dead message again, or all; what would come too late stays where it is.",
        function="renumber.cli.dead_messages:retry",
    ),
    "drop": Listed(
        does="Drop a dead message for good, and forget what it says.",
        function="renumber.cli.dead_messages:drop",
    ),
}

STAFF = {
    "add": Listed(
        does="Give somebody a role at customer relations; a new account is made where a name is given.",
        function="renumber.cli.staff.roles:add",
    ),
    "role": Listed(does="Give somebody of staff another role.", function="renumber.cli.staff.roles:role"),
    "remove": Listed(does="Take somebody's role away; the account stays.", function="renumber.cli.staff.roles:remove"),
    "readmit": Listed(
        does="Let somebody with a company account in again whom `remove` has blocked.",
        function="renumber.cli.staff.roles:readmit",
    ),
    "list": Listed(does="List who has a role, and who gave it.", function="renumber.cli.staff.listing:list_"),
}

ORGANISATION = {
    "add": Listed(does="Add a company, to which accounts may belong.", function="renumber.cli.organisation.manage:add"),
    "list": Listed(does="List the companies.", function="renumber.cli.organisation.listing:list_"),
    "show": Listed(
        does="Show a company: its setting, its people and its administrators.",
        function="renumber.cli.organisation.listing:show",
    ),
    "set": Listed(
        does="Change the name of a company, or whether its people's changes wait for an administrator.",
        function="renumber.cli.organisation.manage:set_",
    ),
    "remove": Listed(
        does="Remove a company; its people stay, and belong to none.",
        function="renumber.cli.organisation.remove:remove",
    ),
    "join": Listed(does="Let an account belong to a company.", function="renumber.cli.organisation.people:join"),
    "leave": Listed(does="Let an account belong to no company.", function="renumber.cli.organisation.people:leave"),
    "administrator": Listed(
        does="Let an account administer its company, or no longer.",
        function="renumber.cli.organisation.people:administrator",
    ),
}

_DEAD = "List, send again or drop dead messages, which no gateway took."

COMMANDS = {
    "serve": Listed(
        does="Serve the pages and send the messages; a fresh database is migrated first.",
        function="renumber.cli.serve:serve",
    ),
    "work": Listed(
        does="Send messages without serving pages, until SIGTERM or Ctrl-C; any number of these may run.",
        function="renumber.cli.work:work",
    ),
    "migrate": Listed(
        does="Bring the database to the newest schema; safe to repeat.", function="renumber.cli.migrate:migrate"
    ),
    "doctor": Listed(
        does="Check the settings and what they name: keys, database, mail server, gateways; nothing is changed.",
        function="renumber.cli.doctor.command:doctor",
    ),
    "account": Listed(does="Create, find, show, freeze and release accounts.", commands=ACCOUNT),
    "audit": Listed(does="Verify, show, export and report the audit log.", commands=AUDIT),
    "keys": Listed(does="Rotate the key that everything is sealed with.", commands=KEYS),
    "joins": Listed(does="Check and list what joins the service, and make its secrets.", commands=JOINS),
    "staff": Listed(does="Say who works at customer relations, and in which role.", commands=STAFF),
    "organisation": Listed(does="Keep companies, their people and their administrators.", commands=ORGANISATION),
    "dead-messages": Listed(does=_DEAD, commands=DEAD_MESSAGES),
    "letters": Listed(does=_DEAD, commands=DEAD_MESSAGES, is_hidden=True),  # as dead messages were once called
    "demo": Listed(
        does="Try everything: two accounts, their mailboxes and phones beside the pages, and nothing that is kept.",
        function="renumber.cli.demo.command:demo",
    ),
}
