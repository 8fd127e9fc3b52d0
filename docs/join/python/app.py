"""A plain Python application that signs people in through Renumber, with Flask and Authlib.

pip install authlib flask requests
ISSUER=https://account.example.com CLIENT_ID=shop CLIENT_SECRET=… APP_SECRET=… API_KEY=rnk_… flask --app app run --port 5000
"""

import os
import time
from urllib.parse import urlencode
from uuid import uuid4

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session, url_for
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from markupsafe import escape

ISSUER = os.environ["ISSUER"]
TRUSTED_FOR = 5 * 60  # seconds: whoever signed in longer ago gives the password again before a payment

app = Flask(__name__)
app.secret_key = os.environ["APP_SECRET"]
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
renumber = OAuth(app).register(
    "renumber",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email offline_access", "code_challenge_method": "S256"},
)
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
IS_OURS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": os.environ["CLIENT_ID"]},
    sid={"essential": True},
    events={"essential": True},
)
ended = set()  # sessions that are over there; where several processes serve, keep it where all of them see it
tokens = {}  # by person, and never in a cookie: Flask signs its session, and everybody can read it


@app.before_request
def forget_who_signed_out_there():
    if session.get("sid") in ended:
        session.clear()


@app.post("/backchannel")
def backchannel():
    """Hear that a session has ended there (OpenID Connect Back-Channel Logout 1.0)."""
    try:
        keys = KeySet.import_key_set(renumber.fetch_jwk_set(force=True))
        told = jwt.decode(request.form.get("logout_token", ""), keys, algorithms=["RS256"])
        IS_OURS.validate(told.claims)
    except (JoseError, ValueError):
        return "", 400
    if told.header.get("typ") != "logout+jwt" or LOGOUT not in told.claims["events"]:
        return "", 400
    ended.add(told.claims["sid"])
    return "", 204


@app.get("/")
def home():
    person = session.get("person")
    if person is None:
        return '<h1>Shop</h1><p><a href="/login">Sign in</a></p>'
    return (
        f"<h1>Shop</h1><p>Hello {escape(person['name'])} ({escape(person['email'])})</p>"
        f"<p>{escape(session.pop('said', ''))}</p>"
        '<p><a href="/pay">Pay</a> <a href="/number">Change my number</a>'
        ' <a href="/refresh">Refresh</a> <a href="/logout">Sign out</a></p>'
    )


@app.get("/login")
def login():
    """Begin a sign-in, also for Renumber, which sends people back here who have changed their number there."""
    if request.args.get("action_status"):
        session["said"] = f"Your number: {request.args['action_status']}."
    return renumber.authorize_redirect(url_for("callback", _external=True))


@app.get("/callback")
def callback():
    try:
        token = renumber.authorize_access_token()  # checks state, PKCE, and the ID token with its nonce
    except OAuthError as refused:
        return f"<p>You are not signed in: {escape(refused.error)}</p>", 403
    if request.args.get("iss") != ISSUER:  # RFC 9207: the answer is of this very provider
        return "<p>You are not signed in.</p>", 403
    info = renumber.userinfo(token=token)
    session["person"] = {"sub": info["sub"], "name": info["name"], "email": info["email"]}
    session["sid"] = token["userinfo"]["sid"]
    tokens[info["sub"]] = token
    onward = session.pop("onward", url_for("home"))
    is_recent = time.time() - token["userinfo"]["auth_time"] < TRUSTED_FOR + 60
    session["may_pay"] = is_recent and onward == url_for("pay")
    return redirect(onward)


@app.get("/pay")
def pay():
    """Ask for a recent sign-in (RFC 9470): one that is recent enough comes back at once, without a page."""
    if not session.pop("may_pay", False):
        session["onward"] = url_for("pay")
        return renumber.authorize_redirect(url_for("callback", _external=True), max_age=TRUSTED_FOR)
    session["said"] = "Paid."
    return redirect(url_for("home"))


@app.get("/number")
def number():
    """Send somebody to change their number: the address names them, works once, and signs nobody in."""
    asked = {"account_id": session["person"]["sub"], "kind": "change_phone", "return_to": url_for("home", _external=True)}
    headers = {"Authorization": f"Bearer {os.environ['API_KEY']}", "Idempotency-Key": str(uuid4())}
    answer = requests.post(f"{ISSUER}/api/v1/journeys", json=asked, headers=headers, timeout=10)
    answer.raise_for_status()
    return redirect(answer.json()["url"])


@app.get("/refresh")
def refresh():
    """Exchange the refresh token, which holds once; the answer brings the next."""
    sub = session["person"]["sub"]
    kept = tokens[sub]["refresh_token"]
    tokens[sub] |= renumber.fetch_access_token(grant_type="refresh_token", refresh_token=kept)
    session["said"] = "Refreshed."
    return redirect(url_for("home"))


@app.get("/logout")
def logout():
    hint = tokens.pop(session.get("person", {}).get("sub"), {}).get("id_token", "")
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": url_for("home", _external=True)}
    session.clear()
    return redirect(f"{renumber.load_server_metadata()['end_session_endpoint']}?{urlencode(asked)}")
