"""The secret that RDS keeps a master password in holds the master user's name and a random password.

moto's always says `admin` and `P@55w0rd!`.
"""

import json
import secrets
import string

from moto.rds.models import MasterUserSecret

from floorplan_sandbox.patch import instead

LETTERS = string.ascii_letters + string.digits + "!#$%&*+-.:=?_~"


@instead(MasterUserSecret, "_generate_secret_string")
def generate_secret_string(self) -> str:
    password = "".join(secrets.choice(LETTERS) for _ in range(28))
    return json.dumps({"username": self.resource.master_username, "password": password})
