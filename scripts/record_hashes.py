"""Record password hashes that other systems' own code makes, for tests/crypto/recorded_hashes.json.

Run it in an environment that has Django, libpass and Werkzeug, with `php` and `java` beside it:

    python -m venv /tmp/hashes && /tmp/hashes/bin/pip install django argon2-cffi bcrypt libpass werkzeug
    /tmp/hashes/bin/python scripts/record_hashes.py > tests/crypto/recorded_hashes.json
"""

import crypt
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django  # type: ignore[import-not-found]  # what is recorded; no requirement of ours
from django.conf import settings  # type: ignore[import-not-found]  # the same
from django.contrib.auth import hashers  # type: ignore[import-not-found]  # the same
from passlib import hash as libpass  # type: ignore[import-untyped]  # the same
from werkzeug.security import generate_password_hash

PASSWORDS = ("vurmix gapolde", "Müßig schläft der Igel 7 🦔", "y" * 100)

PHP = r"""
foreach (array_slice($argv, 1) as $password) {
    $wordpress = base64_encode(hash_hmac('sha384', trim($password), 'wp-sha384', true));
    foreach ([
        'php bcrypt' => password_hash($password, PASSWORD_BCRYPT, ['cost' => 4]),
        'php argon2i' => password_hash($password, PASSWORD_ARGON2I, ['memory_cost' => 64, 'time_cost' => 1]),
        'php argon2id' => password_hash($password, PASSWORD_ARGON2ID, ['memory_cost' => 64, 'time_cost' => 1]),
        'php crypt sha512' => crypt($password, '$6$rounds=1000$usesomesillystri$'),
        'php crypt md5' => crypt($password, '$1$rasmusle$'),
        'wordpress 6.8' => '$wp' . password_hash($wordpress, PASSWORD_BCRYPT, ['cost' => 4]),
    ] as $by => $stored) {
        echo json_encode(['by' => $by, 'password' => $password, 'stored' => $stored]), "\n";
    }
}
"""

KEYCLOAK = r"""
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

public class Keycloak {
    public static void main(String[] passwords) throws Exception {
        String[][] kinds = {{"pbkdf2", "PBKDF2WithHmacSHA1"}, {"pbkdf2-sha256", "PBKDF2WithHmacSHA256"},
                {"pbkdf2-sha512", "PBKDF2WithHmacSHA512"}};
        byte[] salt = "sixteen bytes ok".getBytes();
        for (String password : passwords) for (String[] kind : kinds) {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, 1000, 512);
            byte[] key = SecretKeyFactory.getInstance(kind[1]).generateSecret(spec).getEncoded();
            System.out.println(kind[0] + " " + Base64.getEncoder().encodeToString(salt) + " "
                    + Base64.getEncoder().encodeToString(key));
        }
    }
}
"""

DJANGO = {
    "pbkdf2_sha256": hashers.PBKDF2PasswordHasher,
    "pbkdf2_sha1": hashers.PBKDF2SHA1PasswordHasher,
    "argon2": hashers.Argon2PasswordHasher,
    "bcrypt_sha256": hashers.BCryptSHA256PasswordHasher,
    "bcrypt": hashers.BCryptPasswordHasher,
    "scrypt": hashers.ScryptPasswordHasher,
}

LIBPASS = {
    "argon2": libpass.argon2.using(type="D", rounds=1, memory_cost=64),
    "bcrypt": libpass.bcrypt.using(rounds=4, truncate_error=False),
    "bcrypt_sha256 v2": libpass.bcrypt_sha256.using(rounds=4),
    "bcrypt_sha256 v1": libpass.bcrypt_sha256.using(rounds=4, version=1),
    "pbkdf2_sha1": libpass.pbkdf2_sha1.using(rounds=1000),
    "pbkdf2_sha256": libpass.pbkdf2_sha256.using(rounds=1000),
    "pbkdf2_sha512": libpass.pbkdf2_sha512.using(rounds=1000),
    "ldap_pbkdf2_sha256": libpass.ldap_pbkdf2_sha256.using(rounds=1000),
    "atlassian_pbkdf2_sha1": libpass.atlassian_pbkdf2_sha1,
    "scrypt": libpass.scrypt.using(rounds=4),
    "phpass": libpass.phpass.using(rounds=7),
    "phpass of phpBB": libpass.phpass.using(rounds=7, ident="$H$"),
    "sha512_crypt": libpass.sha512_crypt.using(rounds=1000),
    "sha256_crypt": libpass.sha256_crypt.using(rounds=1234),
    "sha512_crypt, 5000 rounds": libpass.sha512_crypt.using(rounds=5000),
    "md5_crypt": libpass.md5_crypt,
    "apr_md5_crypt": libpass.apr_md5_crypt,
    "ldap_sha512_crypt": libpass.ldap_sha512_crypt.using(rounds=1000),
}

WERKZEUG = ("pbkdf2:sha256:1000", "pbkdf2:sha512:1000", "pbkdf2:sha1:1000", "scrypt:1024:8:1")
CRYPT = ("$6$saltsalt", "$5$rounds=1500$salt", "$1$salt", "$1$", "$2x$04$abcdefghijklmnopqrstuu", "$7$2U..../....salt")


def main() -> None:
    """Print all of them as JSON."""
    settings.configure(PASSWORD_HASHERS=[f"{each.__module__}.{each.__qualname__}" for each in DJANGO.values()])
    django.setup()
    made = [*by_django(), *by_libpass(), *by_others(), *by_php(), *by_java()]
    json.dump(made, sys.stdout, ensure_ascii=False, indent=1)


def row(by: str, password: str, stored: str) -> dict[str, str]:
    """One recorded hash."""
    return {"by": by, "password": password, "stored": stored}


def by_django() -> Iterator[dict[str, str]]:
    """Record those of Django."""
    for name, kind in DJANGO.items():
        cheap = type(
            kind.__name__,
            (kind,),
            {"iterations": 1000, "rounds": 4, "memory_cost": 64, "time_cost": 1, "work_factor": 16},
        )
        for password in PASSWORDS:
            taken = password[:60] if name == "bcrypt" else password  # it refuses more than 72 bytes
            hasher = cheap()
            yield row(f"django {name}", taken, hasher.encode(taken, hasher.salt()))


def by_libpass() -> Iterator[dict[str, str]]:
    """Record those of libpass."""
    for name, kind in LIBPASS.items():
        for password in PASSWORDS:
            taken = password[:60] if name == "bcrypt" else password
            yield row(f"libpass {name}", taken, kind.hash(taken))


def by_others() -> Iterator[dict[str, str]]:
    """Record those of Werkzeug and crypt(3)."""
    for password in PASSWORDS:
        for method in WERKZEUG:
            yield row("werkzeug", password, generate_password_hash(password, method))
        for salt in CRYPT:
            yield row("crypt(3)", password, crypt.crypt(password, salt))


def by_php() -> Iterator[dict[str, str]]:
    """Record those of PHP, and what WordPress 6.8 does with them."""
    said = subprocess.run(["php", "-r", PHP, "--", *PASSWORDS], capture_output=True, check=True, text=True)
    yield from map(json.loads, said.stdout.splitlines())


def by_java() -> Iterator[dict[str, str]]:
    """Record those of Keycloak, by the calls and sizes of its Pbkdf2PasswordHashProvider."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "Keycloak.java")
        source.write_text(KEYCLOAK, encoding="utf-8")
        command = ["java", "-Dfile.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8", str(source), *PASSWORDS]
        said = subprocess.run(
            command, capture_output=True, check=True, text=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin"}
        )
    lines = said.stdout.split("\n")
    for at, password in enumerate(PASSWORDS):
        for line in lines[3 * at : 3 * at + 3]:
            algorithm, salt, value = line.split()
            yield row(
                "keycloak",
                password,
                json.dumps(
                    {
                        "type": "password",
                        "secretData": json.dumps({"value": value, "salt": salt, "additionalParameters": {}}),
                        "credentialData": json.dumps({"hashIterations": 1000, "algorithm": algorithm}),
                    }
                ),
            )


if __name__ == "__main__":
    main()
