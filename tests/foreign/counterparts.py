"""Which programs of other people's making the tests start, and what this machine lacks of them."""

import shutil
import sys

from tests.foreign.fronts import APACHE, MODULES, running_apache, running_nginx
from tests.foreign.parties import CLIENTS, GUIDES, NODE, running_node, running_python

RUNNING = {"python": running_python, "node": running_node, "apache": running_apache, "nginx": running_nginx}
TRIED = (*RUNNING, "typescript")
GET_APACHE = "apt-get install apache2 libapache2-mod-auth-openidc"


def missing() -> dict[str, str]:
    """Name what this machine lacks of each, and how to get it."""
    lacks = {}
    if not NODE or not (GUIDES / "node/node_modules/openid-client").is_dir():
        lacks["node"] = "node and docs/join/node/node_modules: install Node 20, then npm ci --prefix docs/join/node"
    if not NODE or not (CLIENTS / "typescript/node_modules/openapi-typescript").is_dir():
        lacks["typescript"] = "node and docs/clients/typescript/node_modules: npm ci --prefix docs/clients/typescript"
    if not APACHE.exists() or not (MODULES / "mod_auth_openidc.so").exists():
        lacks["apache"] = lacks["nginx"] = f"apache2 with mod_auth_openidc: {GET_APACHE}"
    elif not shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin"):
        lacks["nginx"] = "nginx: apt-get install nginx-light"
    return lacks


if __name__ == "__main__":
    lacking = missing()
    for name in TRIED:
        sys.stdout.write(f"{name}: {'missing: ' + lacking[name] if name in lacking else 'found'}\n")
    sys.exit(1 if lacking else 0)
