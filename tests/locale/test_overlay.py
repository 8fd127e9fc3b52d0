"""An operator's own texts replace ours or add a language; whatever is wrong with them is told at the start."""

from pathlib import Path

import pytest

from renumber.locale import MAILS, PAGES, translations
from renumber.locale.overlay import read_overlay
from renumber.settings import Settings
from renumber.settings.settings import SettingsError

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
FRENCH = 'msgid "Sign in"\nmsgstr "Se connecter"\n'
TRIES = "That code isn't right. %(tries_left)s"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else (HEAD + content).encode())
    return folder


def entry(text: str, translation: str) -> str:
    return f'msgid "{text}"\nmsgstr "{translation}"\n'


def test_a_text_of_the_operator_replaces_ours_and_all_others_stay(tmp_path: Path) -> None:
    overlay = read_overlay(str(write(tmp_path, "de/pages.po", entry("Sign in", "Einloggen"))))

    german = translations("de", PAGES, overlay)

    assert german.gettext("Sign in") == "Einloggen"
    assert german.gettext("Sign out") == "Abmelden"
    assert translations("de", PAGES).gettext("Sign in") == "Anmelden"


def test_english_itself_can_be_replaced(tmp_path: Path) -> None:
    overlay = read_overlay(str(write(tmp_path, "en/pages.po", entry("Sign in", "Log in"))))

    assert translations("en", PAGES, overlay).gettext("Sign in") == "Log in"


def test_a_folder_adds_a_language_whose_missing_texts_are_english(tmp_path: Path) -> None:
    overlay = read_overlay(str(write(tmp_path, "it/pages.po", entry("Sign in", "Accedi"))))

    italian = translations("it", PAGES, overlay)

    assert "it" in overlay.languages
    assert (italian.gettext("Sign in"), italian.gettext("Sign out")) == ("Accedi", "Sign out")


def test_an_empty_or_fuzzy_text_leaves_ours(tmp_path: Path) -> None:
    unfinished = entry("Sign in", "") + "\n#, fuzzy\n" + entry("Sign out", "Raus")
    overlay = read_overlay(str(write(tmp_path, "de/pages.po", unfinished)))

    assert translations("de", PAGES, overlay).gettext("Sign in") == "Anmelden"
    assert translations("de", PAGES, overlay).gettext("Sign out") == "Abmelden"


def test_an_empty_folder_and_hidden_files_change_nothing(tmp_path: Path) -> None:
    write(tmp_path, ".git/config", "")

    assert read_overlay(str(tmp_path)).compiled == {}


@pytest.mark.parametrize(
    ("text", "translation", "said"),
    [
        ("Sign inn", "Anmelden", "line 5: no text of pages.po is “Sign inn”"),
        ("Valid until %(time)s.", "Gilt bald.", "lacks the value time"),
        ("%(label)s in {time}", "%(label)s bald", "lacks the value time"),
        ("Valid until %(time)s.", "Bis %(tim)s.", "lacks the value time"),
        ("Sign in", "Bei %(brand)s anmelden", "names the value brand"),
        ("Sign in", "<b>Anmelden</b>", "holds a <"),
        ("Sign in", "100 % sicher anmelden", "can't be shown"),
        ("HH:mm", "HHHHHHH:mm", "can't be shown"),
    ],
)
def test_a_text_that_is_unknown_or_lacks_a_value_is_told_with_its_line(
    tmp_path: Path, text: str, translation: str, said: str
) -> None:
    folder = write(tmp_path, "de/pages.po", entry(text, translation))

    with pytest.raises(ValueError, match=r"pages\.po, line") as refused:
        read_overlay(str(folder))

    assert said in str(refused.value)


def test_a_text_message_keeps_its_values_in_braces(tmp_path: Path) -> None:
    said = "{code} connects this number to {brand}. Don't share it."
    overlay = read_overlay(str(write(tmp_path, "en/mails.po", entry(said, "{brand}: {code}. 100 % yours."))))

    assert translations("en", MAILS, overlay).gettext(said) == "{brand}: {code}. 100 % yours."
    with pytest.raises(ValueError, match="can't be shown"):
        read_overlay(str(write(tmp_path, "en/mails.po", entry(said, "{brand}: {code} {"))))


def test_a_form_for_one_may_say_the_number_in_words_and_all_forms_are_needed(tmp_path: Path) -> None:
    ids = 'msgid "%(num)s code left"\nmsgid_plural "%(num)s codes left"\n'
    both = 'msgstr[0] "Ein Code"\nmsgstr[1] "%(num)s Codes"\n'
    overlay = read_overlay(str(write(tmp_path, "de/pages.po", ids + both)))

    words = translations("de", PAGES, overlay)

    assert words.ngettext("%(num)s code left", "%(num)s codes left", 1) == "Ein Code"
    with pytest.raises(ValueError, match="lacks one of its plural forms"):
        read_overlay(str(write(tmp_path, "de/pages.po", ids + 'msgstr[0] "Ein Code"\nmsgstr[1] ""\n')))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", "", "is no folder of a language"),
        ("German/pages.po", FRENCH, "is no folder of a language"),
        ("zz/pages.po", FRENCH, "is no folder of a language"),
        ("fr/page.po", FRENCH, "is not read; the files of a language are pages.po and mails.po"),
        ("fr/pages.mo", FRENCH, "is not read"),
        ("fr/pages.po", b"msgid \xff", "is not a catalogue in UTF-8"),
        ("fr/pages.po", b"Sign in = Se connecter", "line 1"),
        ("fr/pages.po", b"#" * (1 << 20) + b"\n", "is larger than 1024 KiB"),
    ],
)
def test_what_is_not_read_is_told_with_what_to_do(tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_overlay(str(write(tmp_path, name, content)))


def test_a_folder_that_is_not_there_and_a_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="can't be read: No such file"):
        read_overlay(str(tmp_path / "missing"))
    with pytest.raises(ValueError, match="can't be read: Not a directory"):
        read_overlay(str(write(tmp_path, "file", "") / "file"))


def test_many_problems_are_told_a_few_at_once(tmp_path: Path) -> None:
    unknown = "\n".join(entry(f"Text {number}", "x") for number in range(9))

    with pytest.raises(ValueError, match="and 4 more"):
        read_overlay(str(write(tmp_path, "de/pages.po", unknown)))


def test_the_settings_offer_the_language_that_was_added_and_refuse_one_without_texts(tmp_path: Path) -> None:
    write(tmp_path, "it/pages.po", entry("Sign in", "Accedi"))
    added = {"RENUMBER_LOCALES": "it,en", "RENUMBER_TEXTS_DIR": str(tmp_path)}

    assert Settings.from_environment(added).locales == ("it", "en")
    with pytest.raises(SettingsError, match=r"RENUMBER_LOCALES: the texts exist in"):
        Settings.from_environment({"RENUMBER_LOCALES": "it,en"})
    with pytest.raises(SettingsError, match=r"RENUMBER_TEXTS_DIR: .*no folder of a language"):
        Settings.from_environment(added | {"RENUMBER_TEXTS_DIR": str(tmp_path / "it")})
