"""Threat: recovery codes guessed, used twice, read from a stolen store, or shown again (SECURITY.md row 16)."""

from harness.person import Person
from harness.recovery_codes import CODE, CODES, come_to_codes, give_code, make_codes
from harness.server import Server
from harness.tables import dump, on_disk
from harness.visitor import rush

NO_CODE = "CCCC-CCCC-CCCC-CCCC"


def with_codes(server: Server) -> tuple[Person, list[str]]:
    """Somebody with ten codes, a while after they were made."""
    person = server.person()
    person.sign_in()
    codes = make_codes(person).codes
    assert len(set(codes)) == 10
    return person, codes


def test_loading_the_page_of_the_codes_again_shows_none_of_them_and_makes_no_others(server: Server) -> None:
    person = server.person()
    person.sign_in()
    made = make_codes(person)

    posted_again = person.browser.post(CODES, made.form)
    loaded = person.browser.get(CODES)

    assert (made.reply.status, posted_again.status, loaded.status) == (303, 409, 200)
    assert CODE.findall(posted_again.text + loaded.text) == []
    assert "can't be shown again" in posted_again.text
    assert len(person.rows("recovery_codes")) == 1
    assert give_code(come_to_codes(person), made.codes[0]).status == 303


def test_of_many_at_once_with_one_code_one_signs_in(server: Server) -> None:
    person, codes = with_codes(server)
    browsers = [come_to_codes(person, server.visitor()) for _ in range(8)]
    before = person.live_sessions

    replies = rush(8, lambda turn: give_code(browsers[turn], codes[0]))

    assert sorted(reply.status for reply in replies) == [303] + [422] * 7
    assert person.live_sessions == before + 1
    assert person.acts("recovery_code_used") == 1


def test_a_hundred_guesses_at_once_are_ten_comparisons_and_then_the_right_code_is_refused(server: Server) -> None:
    person, codes = with_codes(server)
    browsers = [come_to_codes(person, server.visitor()) for _ in range(5)]

    rush(100, lambda turn: give_code(browsers[turn % 5], NO_CODE))
    right = give_code(browsers[0], codes[0])

    wrong = sum(person.acts(f"refused:{refusal}") for refusal in ("wrong_code", "wrong_code_warned"))
    assert wrong == 9
    assert right.status == 403
    assert person.told("factor_suspended") == {"email": 1, "sms": 1}


def test_another_account_s_code_is_worth_nothing(server: Server) -> None:
    _, foreign = with_codes(server)
    person, own = with_codes(server)
    browser = come_to_codes(person)

    assert give_code(browser, foreign[0]).status == 422
    assert give_code(browser, own[0]).location.startswith("/profile")


def test_no_code_stands_in_the_database_its_files_the_log_or_any_message(server: Server) -> None:
    person, codes = with_codes(server)
    give_code(come_to_codes(person), codes[0].lower())
    server.await_sent(person.account_id)
    told = "".join(message.text for message in (*person.mails, *person.texts))
    places = dump(server.url) + on_disk(server.url) + server.log.encode() + told.encode()

    written = {spelled for code in codes for spelled in (code, code.replace("-", ""), code.lower())}
    assert [code for code in written if code.encode() in places] == []


def test_the_codes_are_saved_as_a_file_only_for_who_has_them_on_the_page(server: Server) -> None:
    person = server.person()
    person.sign_in()
    made = make_codes(person)

    saved = person.browser.post(f"{CODES}/file", {"codes": " ".join(made.codes)})
    forged = person.browser.post(f"{CODES}/file", {"codes": "<script>alert(1)</script>"})
    elsewhere = server.visitor().post(f"{CODES}/file", {"codes": " ".join(made.codes)})

    assert all(code in saved.text for code in made.codes)
    assert saved.header("content-disposition") == 'attachment; filename="recovery-codes.txt"'
    assert saved.header("cache-control") == "no-store"
    assert (forged.status, "script" in forged.header("content-disposition")) == (400, False)
    assert elsewhere.location == "/sign-in"


def test_a_stale_session_makes_none_and_removes_none(server: Server) -> None:
    person, _ = with_codes(server)
    server.move(16 * 60)
    version = person.rows("recovery_codes")[0]["version"]
    person.browser.get(CODES)

    removed, made = person.browser.post(f"{CODES}/remove"), make_codes(person, proves_again=False)

    asked = f"/reauthenticate?next={CODES}"
    assert (removed.location, made.reply.location) == (f"{asked}/remove&verb=remove", f"{asked}&act={CODES}")
    assert made.codes == []
    assert person.rows("recovery_codes")[0]["version"] == version
