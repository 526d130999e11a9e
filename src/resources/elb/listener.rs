//! aws_lb_listener: a port that a balancer answers on, and what becomes of requests that no rule takes.

use super::actions;
use crate::aws::{Aws, Error, Result, each, made};
use crate::resources::block::{Block, EnumCell, Flag, Text, block};
use crate::resources::elb::shared;
use crate::resources::elb::shared::Settings;
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which};
use crate::schema::normal::Normal;
use crate::schema::rows::{Recover, object_type};
use crate::schema::shape;
use crate::schema::{Attrs, Change, Nesting, checks};
use crate::value::Value;
use aws_sdk_elasticloadbalancingv2::types::{
    Certificate, Listener, ListenerAttribute, MutualAuthenticationAttributes, Tag,
};

type A = spec::A<Live>;

/// The resource type `aws_lb_listener`.
pub struct AwsLbListener;

/// A listener as listed, with what has to be asked for apart.
pub struct Live {
    listener: Listener,
    settings: Settings,
    tags: Vec<Tag>,
}

const PROTOCOLS: [&str; 8] = ["HTTP", "HTTPS", "QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"];
const ALPN: [&str; 5] = ["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"];
const IDLE: &str = "tcp_idle_timeout_seconds";
const SERVER: &str = "routing_http_response_server_enabled";

/// The headers that a listener adds or renames, as arguments; [`key`] tells the attribute.
const HEADERS: [&str; 18] = [
    "routing_http_request_x_amzn_mtls_clientcert_header_name",
    "routing_http_request_x_amzn_mtls_clientcert_issuer_header_name",
    "routing_http_request_x_amzn_mtls_clientcert_leaf_header_name",
    "routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name",
    "routing_http_request_x_amzn_mtls_clientcert_subject_header_name",
    "routing_http_request_x_amzn_mtls_clientcert_validity_header_name",
    "routing_http_request_x_amzn_tls_cipher_suite_header_name",
    "routing_http_request_x_amzn_tls_version_header_name",
    "routing_http_response_access_control_allow_credentials_header_value",
    "routing_http_response_access_control_allow_headers_header_value",
    "routing_http_response_access_control_allow_methods_header_value",
    "routing_http_response_access_control_allow_origin_header_value",
    "routing_http_response_access_control_expose_headers_header_value",
    "routing_http_response_access_control_max_age_header_value",
    "routing_http_response_content_security_policy_header_value",
    "routing_http_response_strict_transport_security_header_value",
    "routing_http_response_x_content_type_options_header_value",
    "routing_http_response_x_frame_options_header_value",
];

/// The key of an argument that is an attribute: its words are parted by dots where the header begins
/// and ends.
fn key(name: &str) -> String {
    match name {
        IDLE => "tcp.idle_timeout.seconds".into(),
        SERVER => "routing.http.response.server.enabled".into(),
        _ => {
            let (side, header) = match name.strip_prefix("routing_http_request_") {
                Some(rest) => ("request", rest),
                None => ("response", name.trim_start_matches("routing_http_response_")),
            };
            let cut = |end: &str| header.strip_suffix(&format!("_{end}")).map(|h| format!("{h}.{end}"));
            let header = cut("header_name").or_else(|| cut("header_value")).unwrap_or_else(|| header.to_owned());
            format!("routing.http.{side}.{header}")
        }
    }
}

/// The rows of the headers. Each reads its own name, which a function pointer cannot hold, so that the
/// compiler makes one function per place in the table.
fn header_rows() -> Vec<A> {
    fn row<const AT: usize>() -> A {
        A::string(HEADERS[AT]).optional_computed().read(|l| l.settings.text(&key(HEADERS[AT])).into())
    }
    vec![
        row::<0>(),
        row::<1>(),
        row::<2>(),
        row::<3>(),
        row::<4>(),
        row::<5>(),
        row::<6>(),
        row::<7>(),
        row::<8>(),
        row::<9>(),
        row::<10>(),
        row::<11>(),
        row::<12>(),
        row::<13>(),
        row::<14>(),
        row::<15>(),
        row::<16>(),
        row::<17>(),
    ]
}

block! {
    /// How clients prove who they are.
    Mutual: MutualAuthenticationAttributes => MutualAuthenticationAttributes {
        advertise_trust_store_ca_names: EnumCell [.optional_computed().check(|v| checks::one_of(v, &["on", "off"]))];
        ignore_client_certificate_expiry: Flag [.default(false)];
        mode: Text [.required().check(|v| checks::one_of(v, &["off", "verify", "passthrough"]))];
        trust_store_arn: Text;
    }
}

/// Proof that is off is the same as none.
fn same_proof(a: &Value, b: &Value) -> bool {
    let text = |v: &Value, name| shape::only(v).get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mode = |v: &Value| Some(text(v, "mode")).filter(|mode| mode != "off" && !mode.is_empty());
    let flag =
        |v: &Value| shape::only(v).get("ignore_client_certificate_expiry").and_then(Value::as_bool).unwrap_or(false);
    let names = |v: &Value| text(v, "advertise_trust_store_ca_names");
    let shown = |v: &Value| names(v) == "on";
    let (store, names_alike) = ("trust_store_arn", names(a).is_empty() || shown(a) == shown(b));
    mode(a) == mode(b) && (mode(a).is_none() || (text(a, store) == text(b, store) && flag(a) == flag(b) && names_alike))
}

/// What a listener of an application balancer speaks when the layout does not say, as in Terraform.
fn usual_protocol(want: &Attrs) -> Option<&'static str> {
    want.str("load_balancer_arn").filter(|arn| arn.contains(":loadbalancer/app/")).map(|_| "HTTP")
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    if let Some(protocol) = want.str("protocol") {
        let encrypted = matches!(protocol, "HTTPS" | "TLS");
        if encrypted && !given("certificate_arn") {
            wrong.push(("certificate_arn", format!("a listener for {protocol} needs a certificate")));
        }
        let tls_only = ["certificate_arn", "ssl_policy", "alpn_policy", "mutual_authentication"];
        for name in tls_only.into_iter().filter(|name| !encrypted && want.is_set(name)) {
            wrong.push((name, format!("a listener for {protocol} has no {name}")));
        }
        if want.is_set("alpn_policy") && protocol == "HTTPS" {
            wrong.push(("alpn_policy", "only a TLS listener of a network balancer takes alpn_policy".into()));
        }
        if !given("port") {
            wrong.push(("port", format!("a listener for {protocol} needs a port")));
        }
    }
    for proof in want.blocks("mutual_authentication") {
        let store = proof.is_set("trust_store_arn") || proof.is_unknown("trust_store_arn");
        match proof.str("mode") {
            Some("verify") if !store => {
                wrong.push(("mutual_authentication", "mode verify needs trust_store_arn".into()));
            }
            Some(mode) if mode != "verify" && store => {
                wrong.push(("mutual_authentication", format!("mode {mode} takes no trust_store_arn")));
            }
            _ => {}
        }
    }
    let actions = want.blocks("default_action");
    wrong.extend(actions::check(&actions).into_iter().map(|text| ("default_action", text)));
    wrong
}

fn certificates(want: &Attrs) -> Option<Vec<Certificate>> {
    let arn = want.string("certificate_arn").filter(|arn| !arn.is_empty())?;
    Some(vec![Certificate::builder().certificate_arn(arn).build()])
}

fn alpn(want: &Attrs) -> Option<Vec<String>> {
    want.string("alpn_policy").filter(|policy| !policy.is_empty()).map(|policy| vec![policy])
}

async fn complete(aws: &Aws, found: Vec<Listener>) -> Result<Vec<Live>> {
    let arns: Vec<String> = found.iter().filter_map(|l| l.listener_arn().map(Into::into)).collect();
    let mut tags = shared::tags_of(aws, &arns).await?;
    let one = |listener: Listener| async move {
        let arn = listener.listener_arn().unwrap_or_default();
        let answer = aws.read.elb.describe_listener_attributes().listener_arn(arn).send().await?;
        let settings = Settings::from(answer.attributes.unwrap_or_default());
        Ok::<_, Error>(Live { listener, settings, tags: Vec::new() })
    };
    let mut all = each(found, one).await?;
    for live in &mut all {
        live.tags = live.listener.listener_arn().and_then(|arn| tags.remove(arn)).unwrap_or_default();
    }
    Ok(all)
}

impl Resource for AwsLbListener {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let [tags, tags_all] = A::tags(|l| shared::visible(&l.tags));
        let mut all = vec![
            A::string("load_balancer_arn").required().force_new().read(|l| l.listener.load_balancer_arn().into()),
            A::number("port").check(shared::port).read(|l| l.listener.port().into()),
            A::string("protocol")
                .optional_computed()
                .check(|v| checks::one_of(v, &PROTOCOLS))
                .read(|l| l.listener.protocol().map(|p| p.as_str()).into()),
            A::block("default_action", Nesting::List, actions::rows())
                .count(1, None)
                .read(|l| actions::read(l.listener.default_actions())),
            A::string("certificate_arn")
                .read(|l| l.listener.certificates().first().and_then(|c| c.certificate_arn()).into()),
            A::string("ssl_policy").optional_computed().read(|l| l.listener.ssl_policy().into()),
            A::string("alpn_policy")
                .check(|v| checks::one_of(v, &ALPN))
                .read(|l| l.listener.alpn_policy().first().map(String::as_str).into()),
            A::optional_block("mutual_authentication", Mutual::rows()).normal(Normal::With(same_proof)).read(
                |l| match l.listener.mutual_authentication() {
                    Some(proof) => Mutual::read(proof),
                    None => Value::null(object_type(&Mutual::rows())),
                },
            ),
            A::number(IDLE).default(350).read(|l| l.settings.number(&key(IDLE)).unwrap_or(350).into()),
            A::bool(SERVER).optional_computed().read(|l| l.settings.flag(&key(SERVER)).into()),
            A::string("arn").computed().read(|l| l.listener.listener_arn().into()),
            tags,
            tags_all,
        ];
        all.extend(header_rows());
        Spec::new("aws_lb_listener", |l| l.listener.listener_arn().map(Into::into), all)
            .tagging(Tagging::Own)
            .unique(&[&["load_balancer_arn", "port"]])
            .recover(Recover::Key)
            .check(check)
    }

    /// All listeners of the balancers that the ids name. A balancer has one listener per port.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let found = match which {
            Which::Ids(ids) => {
                let balancers = ids.iter().filter_map(|id| shared::balancer_of(id)).collect();
                let mut found = shared::listeners_of(aws, balancers).await?;
                found.retain(|l| l.listener_arn().is_some_and(|arn| ids.iter().any(|id| id == arn)));
                found
            }
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => {
                let balancer = want.string("load_balancer_arn").into_iter().collect();
                let mut found = shared::listeners_of(aws, balancer).await?;
                found.retain(|l| l.port() == want.int("port"));
                found
            }
        };
        complete(aws, found).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .elb
            .create_listener()
            .set_load_balancer_arn(want.string("load_balancer_arn"))
            .set_port(want.int("port"))
            .set_protocol(want.str("protocol").or(usual_protocol(want)).map(Into::into))
            .set_default_actions(Some(actions::write(want, "default_action")))
            .set_certificates(certificates(want))
            .set_ssl_policy(want.string("ssl_policy"))
            .set_alpn_policy(alpn(want))
            .set_mutual_authentication(want.blocks("mutual_authentication").first().map(Mutual::write))
            .set_tags(shared::at_creation(want, token))
            .send()
            .await?;
        made(answer.listeners().first().and_then(Listener::listener_arn))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        shared::retag(aws, id, change).await?;
        const TOGETHER: [&str; 7] = [
            "port",
            "protocol",
            "default_action",
            "certificate_arn",
            "ssl_policy",
            "alpn_policy",
            "mutual_authentication",
        ];
        let changes = |name: &str| change.has(name);
        let encrypted = matches!(change.after.str("protocol"), Some("HTTPS" | "TLS"));
        // A listener that becomes encrypted needs certificate and policy in the same call.
        let becomes = changes("protocol") && encrypted;
        let after = change.after;
        let actions = changes("default_action").then(|| actions::write(after, "default_action"));
        let certificates = certificates(after).filter(|_| encrypted && (becomes || changes("certificate_arn")));
        let policy = after.string("ssl_policy").filter(|_| encrypted && (becomes || changes("ssl_policy")));
        let proof = changes("mutual_authentication").then(|| match after.blocks("mutual_authentication").first() {
            Some(block) => Mutual::write(block),
            None => MutualAuthenticationAttributes::builder().mode("off").build(),
        });
        let alpn = changes("alpn_policy").then(|| alpn(after).unwrap_or_else(|| vec!["None".into()]));
        let port = after.int("port").filter(|_| changes("port"));
        let protocol = after.str("protocol").filter(|_| changes("protocol"));
        if change.take_any(&TOGETHER) {
            aws.write
                .elb
                .modify_listener()
                .listener_arn(id)
                .set_port(port)
                .set_protocol(protocol.map(Into::into))
                .set_default_actions(actions)
                .set_certificates(certificates)
                .set_ssl_policy(policy)
                .set_alpn_policy(alpn)
                .set_mutual_authentication(proof)
                .send()
                .await?;
        }
        let mut changed = Vec::new();
        for name in HEADERS.iter().copied().chain([IDLE, SERVER]) {
            if let Some(value) = change.take(name) {
                changed.push(ListenerAttribute::builder().key(key(name)).value(shared::plain(value)).build());
            }
        }
        if !changed.is_empty() {
            let call = aws.write.elb.modify_listener_attributes().listener_arn(id);
            call.set_attributes(Some(changed)).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.elb.delete_listener().listener_arn(id).send().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_tells_its_attribute() {
        assert_eq!(
            key("routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name"),
            "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name"
        );
        assert_eq!(
            key("routing_http_response_strict_transport_security_header_value"),
            "routing.http.response.strict_transport_security.header_value"
        );
        assert_eq!(key(SERVER), "routing.http.response.server.enabled");
    }

    #[test]
    fn a_listener_says_what_it_lacks() {
        let said = |want: Attrs| check(&want).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        let want = |protocol: &str| Attrs::default().with("protocol", protocol).with("port", 443);
        assert_eq!(said(want("HTTPS")), ["a listener for HTTPS needs a certificate"]);
        assert_eq!(said(want("HTTPS").with("certificate_arn", "arn")), [""; 0]);
        assert_eq!(said(want("TCP").with("ssl_policy", "x")), ["a listener for TCP has no ssl_policy"]);
        assert_eq!(said(Attrs::default()), [""; 0], "a gateway listener has neither");
    }
}
