"""The tunnels of VPN connections: options as given, keys and ranges that AWS chooses, whether they are up.

A tunnel is down until a test says that the device at the other end brings it up (`POST /floorplan/tunnels`),
and again after every change for as long as the switch `vpn_tunnel` says, in seconds.
"""

import ipaddress
import re
import string
import time
from xml.sax.saxutils import escape

from moto.core.utils import utcnow
from moto.ec2.exceptions import InvalidParameterValueError
from moto.moto_api._internal import mock_random as random

from floorplan_sandbox.control import CONTROL

KEY = re.compile(r"[A-Za-z1-9._][A-Za-z0-9._]{7,63}")
RESERVED = {f"169.254.{number}.0/30" for number in range(6)} | {"169.254.169.252/30"}
HIDDEN = "****"
# Requests and answers spell these differently.
ANSWERED = {
    "DPDTimeoutAction": "DpdTimeoutAction",
    "DPDTimeoutSeconds": "DpdTimeoutSeconds",
    "IKEVersions": "IkeVersions",
}
CHANGEABLE = {
    "TunnelInsideCidr",
    "TunnelInsideIpv6Cidr",
    "PreSharedKey",
    "Phase1LifetimeSeconds",
    "Phase2LifetimeSeconds",
    "RekeyMarginTimeSeconds",
    "RekeyFuzzPercentage",
    "ReplayWindowSize",
    "DPDTimeoutSeconds",
    "DPDTimeoutAction",
    "Phase1EncryptionAlgorithms",
    "Phase2EncryptionAlgorithms",
    "Phase1IntegrityAlgorithms",
    "Phase2IntegrityAlgorithms",
    "Phase1DHGroupNumbers",
    "Phase2DHGroupNumbers",
    "IKEVersions",
    "StartupAction",
    "LogOptions",
    "EnableTunnelLifecycleControl",
}


class Tunnel:
    """One of the two tunnels of a connection."""

    def __init__(self, outside: str, options: dict, ipv6: bool) -> None:
        self.outside = outside
        self._options: dict = {}
        self._due = 0.0
        self._status = "DOWN"
        self._changed = utcnow()
        chosen = {"PreSharedKey": chosen_key(), "TunnelInsideCidr": chosen_range()}
        if ipv6:
            address = ipaddress.IPv6Address((0xFD << 120) + (random.randrange(2**40) << 80))
            chosen["TunnelInsideIpv6Cidr"] = f"{address}/126"
        self.change({**chosen, **options})

    @property
    def inside(self) -> str:
        return self._options["TunnelInsideCidr"]

    def change(self, options: dict) -> None:
        key = options.get("PreSharedKey")
        if key is not None and not KEY.fullmatch(key):
            raise InvalidParameterValueError("The value for parameter preSharedKey is invalid.")
        inside = options.get("TunnelInsideCidr")
        if inside is not None and not is_inside(inside):
            raise InvalidParameterValueError(f"Value ({inside}) for parameter tunnelInsideCidr is invalid.")
        self._options.update(options)

    def shown(self, secret: bool) -> dict:
        """The options as AWS lists them."""
        hidden = {"PreSharedKey": HIDDEN} if secret else {}
        options = {ANSWERED.get(name, name): value for name, value in self._options.items()}
        return {"OutsideIpAddress": self.outside, **options, **hidden}

    def interrupt(self) -> None:
        self._due = time.monotonic() + CONTROL.delay("vpn_tunnel")

    @property
    def status(self) -> str:
        status = "DOWN" if time.monotonic() < self._due else CONTROL.tunnel(self.outside)
        if status != self._status:
            self._status, self._changed = status, utcnow()
        return status

    def telemetry(self) -> dict:
        status = self.status
        return {
            "OutsideIpAddress": self.outside,
            "Status": status,
            "StatusMessage": "" if status == "UP" else "IPSEC IS DOWN",
            "AcceptedRouteCount": 0,
            "LastStatusChange": self._changed,
        }


def chosen_key() -> str:
    return "K" + "".join(random.choices(string.ascii_letters + string.digits, k=31))


def chosen_range() -> str:
    """A free range is not looked for: two of 16,000 are seldom the same."""
    return f"169.254.{random.randrange(6, 169)}.{4 * random.randrange(64)}/30"


def is_inside(text: str) -> bool:
    try:
        found = ipaddress.IPv4Network(text)
    except ValueError:
        return False
    return found.prefixlen == 30 and text.startswith("169.254.") and text not in RESERVED


def configuration(connection) -> str:
    """The document for the device at the other end."""
    backend = connection.ec2_backend
    device = backend.customer_gateways[connection.customer_gateway_id]
    asn = "64512"
    if connection.vpn_gateway_id:
        asn = backend.vpn_gateways[connection.vpn_gateway_id].amazon_side_asn
    elif connection.transit_gateway_id:
        asn = backend.transit_gateways[connection.transit_gateway_id].options["AmazonSideAsn"]
    secret = connection.pre_shared_key_arn is not None
    tunnels = "".join(tunnel_xml(each, device, asn, secret) for each in connection._tunnels)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<vpn_connection id="{connection.id}">'
        f"<customer_gateway_id>{device.id}</customer_gateway_id>"
        f"<vpn_gateway_id>{connection.vpn_gateway_id or ''}</vpn_gateway_id>"
        f"<vpn_connection_type>{connection.type}</vpn_connection_type>"
        f"{tunnels}</vpn_connection>"
    )


def tunnel_xml(tunnel: Tunnel, device, asn, secret: bool) -> str:
    shown = tunnel.shown(secret)
    inside = ipaddress.IPv4Network(shown["TunnelInsideCidr"])
    device_asn = device.bgp_asn or device.bgp_asn_extended
    return (
        f"<ipsec_tunnel>{end('customer_gateway', device.ip_address or '', inside[2], device_asn)}"
        f"{end('vpn_gateway', tunnel.outside, inside[1], asn)}"
        "<ike><authentication_protocol>sha1</authentication_protocol><mode>main</mode>"
        f"<pre_shared_key>{escape(shown['PreSharedKey'])}</pre_shared_key></ike>"
        "<ipsec><protocol>esp</protocol><mode>tunnel</mode></ipsec></ipsec_tunnel>"
    )


def end(name: str, outside: str, inside, asn) -> str:
    return (
        f"<{name}><tunnel_outside_address><ip_address>{outside}</ip_address></tunnel_outside_address>"
        f"<tunnel_inside_address><ip_address>{inside}</ip_address><network_mask>255.255.255.252</network_mask>"
        f"<network_cidr>30</network_cidr></tunnel_inside_address>"
        f"<bgp><asn>{asn}</asn><hold_time>30</hold_time></bgp></{name}>"
    )
