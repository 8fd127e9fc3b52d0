"""The command line: `renumber …`."""

import typer

from renumber.cli import accounts, demo, doctor, history, keys, letters, serving

main = typer.Typer(
    name="renumber",
    help="Look after the phone numbers and second factors of accounts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
serving.join(main)
demo.join(main)
doctor.join(main)
main.add_typer(accounts.app, name="account")
main.add_typer(history.app, name="audit")
main.add_typer(keys.app, name="keys")
main.add_typer(letters.app, name="letters")
