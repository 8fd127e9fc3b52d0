"""What each server would do first, done once in the process from which all of them are forked."""

from renumber.settings import Settings
from renumber.store.database.statement import Statement
from renumber.wiring.parts import assemble
from renumber.wiring.web import application

NOWHERE = {
    "RENUMBER_BASE_URL": "http://127.0.0.1",
    "RENUMBER_DATABASE_URL": "sqlite:////dev/null",
    "RENUMBER_SECRET_KEY": "k" * 64,
    "RENUMBER_CONSOLE": "on",
    "RENUMBER_ARGON2_MEMORY": "8192",
    "RENUMBER_ARGON2_TIME": "1",
}

for _url in ("sqlite:", "postgresql:"):
    Statement.compile_all(_url)
application(assemble(Settings.from_environment(NOWHERE)))  # reads signatures, texts and templates; opens nothing
