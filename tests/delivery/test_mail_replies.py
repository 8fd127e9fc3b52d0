"""Whom a refusal speaks of: the sentences that real mail servers say, word for word but for the addresses."""

import pytest

from renumber.delivery.mail.replies import Fate, Stage, enhanced_code, fate_of

RCPT, DATA, MAIL, SESSION = Stage.RECIPIENT, Stage.CONTENT, Stage.SENDER, Stage.SESSION

FINAL = [
    (RCPT, "550 5.1.1 <x@example.com>: Recipient address rejected: User unknown in virtual mailbox table"),  # Postfix
    (RCPT, "550 5.1.1 <x@example.com>: Recipient address rejected: User unknown in local recipient table"),
    (RCPT, "550 5.1.1 <x@example.com>: Recipient address rejected: User unknown in relay recipient table"),
    (RCPT, "550-5.1.1 The email account that you tried to reach does not exist. Please try\n5.1.1 double-checking"),
    (RCPT, "550 5.2.1 The email account that you tried to reach is disabled."),  # Gmail
    (RCPT, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),  # Exchange
    (RCPT, "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
    (RCPT, "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)"),  # Outlook.com
    (RCPT, "554 5.5.0 delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.com) [0]"),
    (RCPT, "552 1 Requested mail action aborted, mailbox not found"),
    (RCPT, "550 #5.1.0 Address rejected."),  # IronPort, of RCPT
    (RCPT, "550 No such user here"),
    (RCPT, "550 No Such User Here"),  # cPanel's Exim
    (RCPT, "550 Unrouteable address"),  # Exim
    (RCPT, "550 Requested action not taken: mailbox unavailable"),  # GMX, WEB.DE
    (RCPT, "550 mailbox unavailable"),
    (RCPT, "550 unknown"),
    (RCPT, "551 User not local; please try <y@example.com>"),
    (RCPT, "553 sorry, no mailbox here by that name (#5.1.1)"),  # qmail
    (RCPT, "550 sorry, no mailbox here by that name. (#5.1.1 - chkuser)"),
    (RCPT, "550 5.1.6 <x@example.com> has moved to y@example.com"),
    (RCPT, "550 5.1.2 <x@example.com>: Recipient address rejected: Domain not found"),
    (RCPT, "556 5.1.10 <x@example.com>: Recipient address rejected: Domain example.com does not accept mail (nullMX)"),
    (RCPT, "550 5.1.3 Invalid address"),
    (RCPT, "501 5.1.3 Bad recipient address syntax"),
    (RCPT, "554 5.4.310 DNS domain example.com does not exist [Message=InfoDomainNonexistent]"),
    (RCPT, "553 5.6.7 Non-ASCII address not permitted for that recipient"),
    (RCPT, "550 5.7.17 Mailbox owner has changed"),
    (RCPT, "511 5.1.1 unknown address"),
    (RCPT, "550 Invalid recipient x@example.com (Mode: normal)"),  # Trustwave
    (RCPT, "550 5.0.0 <x@example.com>... User unknown"),  # Sendmail
    (RCPT, "550 Account x@example.com is inactive"),
    (DATA, "550 5.1.1 <x@example.com> User doesn't exist: x@example.com"),  # Dovecot's LMTP behind a proxy
]

OPERATOR = [
    (SESSION, "535 5.7.8 Username and Password not accepted."),
    (SESSION, "535 5.7.3 Authentication unsuccessful [XX.eurprd01.prod.outlook.com]"),
    (SESSION, "530 5.7.0 Must issue a STARTTLS command first"),
    (SESSION, "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"),
    (SESSION, "521 5.3.2 mx.example.com does not accept mail"),
    (MAIL, "550 5.1.1 unknown"),
    (MAIL, "553 5.7.1 <x@example.com>: Sender address rejected: not owned by user y"),
    (MAIL, "530 5.7.57 Client not authenticated to send mail."),
    (MAIL, "554 Message rejected: Email address is not verified. The following identities failed the check"),  # SES
    (RCPT, "554 5.7.1 <x@example.com>: Relay access denied"),  # Postfix
    (RCPT, "550 5.7.64 TenantAttribution; Relay Access Denied"),  # Exchange Online
    (RCPT, "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    (RCPT, "550 relay not permitted"),  # Exim
    (RCPT, "550 Administrative prohibition"),
    (RCPT, "553 sorry, that domain isn't in my list of allowed rcpthosts; no valid authentication (#5.7.1)"),  # qmail
    (RCPT, "553 5.7.1 <a@example.com>: Sender address rejected: not owned by user b@example.com"),
    (RCPT, "550 5.1.0 <a@example.com>: Sender address rejected: User unknown in virtual mailbox table"),
    (RCPT, "550 5.1.8 <a@example.com>: Sender address rejected: Domain not found"),
    (RCPT, "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    (RCPT, "554 5.2.252 SendAsDenied; a@example.com not allowed to send as b@example.com"),
    (RCPT, "550 Sender verify failed"),
    (RCPT, "550 5.7.1 Message rejected due to SPF policy"),
    (RCPT, "554 5.7.1 Service unavailable; Client host [5.9.1.1] blocked using bl.spamcop.net"),
    (RCPT, "550 5.7.606 Access denied, banned sending IP [192.0.2.1]"),  # Outlook.com
    (RCPT, "550 5.7.511 Access denied, banned sender[192.0.2.1]"),
    (RCPT, "550 SC-001 (COL004) Unfortunately, messages from 192.0.2.1 weren't sent: part of their network is blocked"),
    (RCPT, "550-5.7.26 This mail is unauthenticated, which poses a security risk to the sender"),  # Gmail
    (RCPT, "550 5.4.5 Daily user sending limit exceeded."),  # Gmail
    (RCPT, "550 5.4.6 Unusual sending activity detected"),  # Zoho
    (RCPT, "530 Authentication required"),
    (RCPT, "530 5.7.1 Client was not authenticated"),  # Exchange
    (RCPT, "503 5.5.1 Error: need MAIL command"),
    (RCPT, "503 AUTH first (#5.5.1)"),
    (RCPT, "501 5.5.4 Syntax error in parameters or arguments"),
    (RCPT, "550 You can't send mail to this many recipients: rate limit"),
    (RCPT, "550 5.7.1 Daily message limit exceeded"),
    (RCPT, "554 5.7.1 <x@example.com>: Recipient address rejected: Access denied"),  # Postfix's policy, of anything
    (RCPT, "571 Relay not permitted"),
    (RCPT, "550 Your account is suspended, contact support"),
    (RCPT, "550 Verify your domain before sending"),
    (DATA, "554 5.7.1 Message rejected as spam"),
    (DATA, "550 5.7.1 Our system has detected that this message is likely unsolicited mail."),
    (DATA, "554 Transaction failed: Sending rate exceeded"),
    (DATA, "552 5.3.4 Message size exceeds fixed limit"),
    (DATA, "554 5.6.0 Message content rejected"),
    (DATA, "550 High probability of spam"),
    (DATA, "550 rejected"),
    (DATA, "554 5.3.0 <x@example.com>: mail system misconfigured"),
]

PASSES = [
    (RCPT, "552 5.2.2 <x@example.com>: Quota exceeded (mailbox for user is full)"),  # Dovecot: a full mailbox passes
    (RCPT, "552-5.2.2 The email account that you tried to reach is over quota."),  # Gmail
    (RCPT, "554 5.2.0 Mailbox full"),
    (RCPT, "550 Mailbox quota exceeded"),
    (RCPT, "552 Mailbox over quota"),
    (RCPT, "554 5.7.1 Greylisted, please try again in 300 seconds"),
    (RCPT, "450 4.2.0 <x@example.com>: Recipient address rejected: Greylisted"),
    (RCPT, "451 4.7.1 Greylisting in action, please come back later"),
    (RCPT, "452 4.2.2 Mailbox full"),
    (RCPT, "450 4.1.1 <x@example.com>: Recipient address rejected: unverified address"),
    (RCPT, "452 4.5.3 Too many recipients"),
    (MAIL, "421 4.7.0 Try again later, closing connection."),
    (MAIL, "454 4.7.0 Temporary authentication failure"),
    (SESSION, "421 4.3.2 Service not available"),
    (DATA, "451 4.3.0 Temporary lookup failure"),
    (RCPT, "0 "),
]


@pytest.mark.parametrize(
    ("stage", "reply", "fate"),
    [
        (stage, reply, fate)
        for fate, rows in ((Fate.FINAL, FINAL), (Fate.OPERATOR, OPERATOR), (Fate.PASSES, PASSES))
        for stage, reply in rows
    ],
)
def test_a_refusal_ends_a_message_only_where_it_speaks_of_the_recipient(stage: Stage, reply: str, fate: Fate) -> None:
    code, sentence = reply[:3], reply[4:]

    assert fate_of(stage, int(code), sentence) is fate


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("5.1.1 unknown", (1, 1)),
        ("#5.1.0 Address rejected.", (1, 0)),
        ("no mailbox here (#5.1.1)", (1, 1)),
        ("Client host [5.9.1.1] blocked", None),
        ("host 195.5.1.1 is listed", None),
        ("4.2.2 over quota", None),
        ("Exim 4.97.1 says no", None),
        ("x" * 5000 + " 5.1.1", None),
    ],
)
def test_an_enhanced_code_is_no_address_no_version_and_of_the_same_class(
    sentence: str, expected: tuple[int, int] | None
) -> None:
    assert enhanced_code(550, sentence) == expected
