"""The bound of every table: what ends its rows, or why there are never many."""

# What is deleted some time after it has ended, by its kind in the retention.
KEPT = {
    "session": ("sessions",),
    "sign_in": ("sign_ins",),
    "challenge": ("challenges",),
    "link": ("links",),
    "phone_change": ("phone_changes",),
    "recovery_case": ("recovery_cases",),
    "caller_check": ("caller_checks",),
    "wait": ("waits",),
    "prompt": ("prompts",),
    "device": ("devices", "waiting_devices"),
    "passkey": ("passkeys",),
    "app_key": ("totp_keys",),
    "text_budget": ("text_budgets",),
    "kept_answer": ("kept_answers",),
    "authorization_request": ("authorization_requests",),
    "access_token": ("access_tokens",),
    "oauth_grant": ("grants",),
    "event": ("events",),
    "webhook_delivery": ("webhook_deliveries",),
    "backchannel_logout": ("backchannel_logouts",),
    "security_event": ("security_events",),
    "outbox": ("messages",),
    "counter": ("counters",),
}
OF_ACCOUNT = "as many as accounts, erased ones too"
FEW_OF_ACCOUNT = "a few for each account"
HISTORY = "kept for good: the history of each account, and of unknown addresses until they are purged"
BOUNDED = {
    "account": OF_ACCOUNT,
    "email_lookup": "one for each account that isn't erased",
    "authenticator": FEW_OF_ACCOUNT,
    "recovery_codes": "one for each account",
    "consent": "one for each application that an account has agreed to",
    "staff_member": "one for each person of staff",
    "staff_identity": "one for each person of staff",
    "organisation": "one for each organisation",
    "audit": HISTORY,
    "audit_start": "one for each history of which something was purged",
    "audit_checkpoint": "one an hour, in which something has happened",
    "audit_mark": "one an hour for each account in which something happens, as long as the history is kept; then one",
    "server_key": "one for each key of the installation",
    "key_rotation": "one for each rotation",
    "lease": "one for each task",
    "event_position": "one",
    "webhook_switch": "one for each webhook",
    "stream": "as many as the receivers have made",
    "stream_left_out": "one for each account that a receiver leaves out",
}
