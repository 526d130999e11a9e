"""Actions that let users sign in: the client's secret is never given back, and what is left out has AWS's defaults.

moto answers with the secret, and with nothing for the scope, the session and those who are not signed in.
"""

from moto.elbv2.models import FakeAction

from floorplan_sandbox.patch import around

KINDS = ("AuthenticateOidcConfig", "AuthenticateCognitoConfig")
DEFAULTS = {
    "OnUnauthenticatedRequest": "authenticate",
    "Scope": "openid",
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "SessionTimeout": 604800,
}


@around(FakeAction, "__init__")
def init(original, self, data):
    original(self, data)
    for config in (data[kind] for kind in KINDS if data.get(kind)):
        config.pop("ClientSecret", None)
        config.pop("UseExistingClientSecret", None)
        for name, value in DEFAULTS.items():
            config.setdefault(name, value)
