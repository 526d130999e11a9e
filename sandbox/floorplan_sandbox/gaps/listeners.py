"""Listeners: one per port of a balancer, with what belongs to their protocol, changed in every part.

moto accepts a used port, gives a security policy to listeners without encryption, forgets how clients prove
who they are, and lists a certificate that replaces the default as an extra one.
"""

from moto.acm.models import acm_backends
from moto.core.responses import ActionResult
from moto.elbv2.exceptions import DuplicateListenerError, ELBClientError, InvalidConfigurationRequest
from moto.elbv2.models import ELBv2Backend, FakeAction
from moto.elbv2.responses import ELBV2Response

from floorplan_sandbox.patch import around, instead

ENCRYPTED = ("HTTPS", "TLS")


@around(ELBv2Backend, "create_listener")
def create_listener(original, self, **given):
    balancer = self.load_balancers.get(given["load_balancer_arn"])
    if balancer is not None:
        refuse_used_port(balancer, given["port"])
    check_certificate(given["protocol"], given["certificate"])
    if given["certificate"]:
        refuse_unissued(given["certificate"])
    listener = original(self, **given)
    fit(listener)
    return listener


@around(ELBV2Response, "create_listener")
def respond_create(original, self):
    answer = original(self)
    listener = answer.result["Listeners"][0]
    listener.mutual_authentication = self._get_param("MutualAuthentication") or listener.mutual_authentication
    return answer


def refuse_used_port(balancer, port, listener=None) -> None:
    if any(other.port == port for other in balancer.listeners.values() if other is not listener):
        raise DuplicateListenerError()


def check_certificate(protocol: str | None, certificate: str | None) -> None:
    if protocol in ENCRYPTED and not certificate:
        message = f"A certificate must be specified for {protocol} listeners"
        raise ELBClientError("CertificateNotFound" if protocol == "TLS" else "ValidationError", message)


def refuse_unissued(arn: str) -> None:
    """A certificate of ACM that nobody has validated is of no use."""
    service, region, account = (arn.split(":") + [""] * 5)[2:5]
    bundle = acm_backends[account][region]._certificates.get(arn) if service == "acm" else None
    if bundle is None:
        return
    bundle.check()
    if bundle.status != "ISSUED":
        message = (
            f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature,"
            " and a supported RSA key size."
        )
        raise ELBClientError("UnsupportedCertificate", message)


def fit(listener) -> None:
    """Leaves a listener what its protocol has."""
    if not listener.protocol:
        listener.protocol = None
    if listener.protocol not in ENCRYPTED:
        listener.ssl_policy = None
        listener.certificates = []
        listener.mutual_authentication = None
    elif not hasattr(listener, "mutual_authentication") or listener.mutual_authentication is None:
        listener.mutual_authentication = {"Mode": "off"} if listener.protocol == "HTTPS" else None
    if listener.protocol in ("HTTP", "HTTPS"):
        listener.attributes.pop("tcp.idle_timeout.seconds", None)
        listener.attributes.setdefault("routing.http.response.server.enabled", "true")


@instead(ELBV2Response, "modify_listener")
def modify_listener(self):
    backend = self.elbv2_backend
    listener = backend.describe_listeners(None, [self._get_param("ListenerArn")])[0]
    balancer = backend.load_balancers[listener.load_balancer_arn]
    port, protocol = self._get_param("Port"), self._get_param("Protocol") or listener.protocol
    if port is not None:
        refuse_used_port(balancer, port, listener)
    backend._validate_port_and_protocol(balancer.type, port or listener.port, protocol)
    actions = [FakeAction(action) for action in self._get_param("DefaultActions", [])]
    backend._validate_actions(actions)
    default = [each["CertificateArn"] for each in self._get_param("Certificates", [])]
    if protocol in ENCRYPTED and not (default or listener.certificates):
        message = "You must provide a list containing exactly one certificate if the listener protocol is"
        raise InvalidConfigurationRequest(f"{message} {protocol}.")
    for certificate in default:
        if not backend._certificate_exists(certificate):
            raise ELBClientError("CertificateNotFound", f"Certificate '{certificate}' not found")
        refuse_unissued(certificate)
    listener.port = port or listener.port
    listener.protocol = protocol
    listener.certificates = [*default, *listener.certificates[1:]] if default else listener.certificates
    listener.ssl_policy = self._get_param("SslPolicy") or listener.ssl_policy or "ELBSecurityPolicy-2016-08"
    alpn = self._get_param("AlpnPolicy")
    if alpn is not None:
        listener.alpn_policy = [each for each in alpn if each != "None"]
    proof = self._get_param("MutualAuthentication")
    if proof is not None:
        listener.mutual_authentication = proof
    if actions:
        listener.default_actions = listener._default_rule[0].actions = actions
    fit(listener)
    return ActionResult({"Listeners": [listener]})
