//! aws_lb_listener: a port that a balancer answers on, and what becomes of requests that no rule takes.

use super::actions;
use super::settings::{self, Settings, settings};
use crate::resources::elb::shared;
use crate::resources::prelude::*;
use crate::schema::shape;
use aws_sdk_elasticloadbalancingv2::operation::create_listener::builders::CreateListenerFluentBuilder as Create;
use aws_sdk_elasticloadbalancingv2::types::{Certificate, Listener, MutualAuthenticationAttributes, Tag};
use std::collections::BTreeSet;

/// The resource type `aws_lb_listener`.
pub struct AwsLbListener;

/// A listener.
pub type Live = shared::Full<Listener>;

const PROTOCOLS: [&str; 8] = ["HTTP", "HTTPS", "QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"];
const ALPN: [&str; 5] = ["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"];

settings! {
    /// The headers that a listener adds or renames, and how long it waits.
    Behaviour {
        routing_http_response_server_enabled: bool [.optional_computed()] = "routing.http.response.server.enabled";
        tcp_idle_timeout_seconds: number [.optional_computed()] = "tcp.idle_timeout.seconds";
        routing_http_request_x_amzn_mtls_clientcert_header_name: string [.optional_computed()]
            = "routing.http.request.x_amzn_mtls_clientcert.header_name";
        routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: string [.optional_computed()]
            = "routing.http.request.x_amzn_mtls_clientcert_issuer.header_name";
        routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: string [.optional_computed()]
            = "routing.http.request.x_amzn_mtls_clientcert_leaf.header_name";
        routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: string [.optional_computed()]
            = "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name";
        routing_http_request_x_amzn_mtls_clientcert_subject_header_name: string [.optional_computed()]
            = "routing.http.request.x_amzn_mtls_clientcert_subject.header_name";
        routing_http_request_x_amzn_mtls_clientcert_validity_header_name: string [.optional_computed()]
            = "routing.http.request.x_amzn_mtls_clientcert_validity.header_name";
        routing_http_request_x_amzn_tls_cipher_suite_header_name: string [.optional_computed()]
            = "routing.http.request.x_amzn_tls_cipher_suite.header_name";
        routing_http_request_x_amzn_tls_version_header_name: string [.optional_computed()]
            = "routing.http.request.x_amzn_tls_version.header_name";
        routing_http_response_access_control_allow_credentials_header_value: string [.optional_computed()]
            = "routing.http.response.access_control_allow_credentials.header_value";
        routing_http_response_access_control_allow_headers_header_value: string [.optional_computed()]
            = "routing.http.response.access_control_allow_headers.header_value";
        routing_http_response_access_control_allow_methods_header_value: string [.optional_computed()]
            = "routing.http.response.access_control_allow_methods.header_value";
        routing_http_response_access_control_allow_origin_header_value: string [.optional_computed()]
            = "routing.http.response.access_control_allow_origin.header_value";
        routing_http_response_access_control_expose_headers_header_value: string [.optional_computed()]
            = "routing.http.response.access_control_expose_headers.header_value";
        routing_http_response_access_control_max_age_header_value: string [.optional_computed()]
            = "routing.http.response.access_control_max_age.header_value";
        routing_http_response_content_security_policy_header_value: string [.optional_computed()]
            = "routing.http.response.content_security_policy.header_value";
        routing_http_response_strict_transport_security_header_value: string [.optional_computed()]
            = "routing.http.response.strict_transport_security.header_value";
        routing_http_response_x_content_type_options_header_value: string [.optional_computed()]
            = "routing.http.response.x_content_type_options.header_value";
        routing_http_response_x_frame_options_header_value: string [.optional_computed()]
            = "routing.http.response.x_frame_options.header_value";
    }
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
    let [a, b] = [a, b].map(|v| Attrs::from_value(shape::only(v)));
    let text = |v: &Attrs, name| v.string(name).unwrap_or_default();
    let mode = |v: &Attrs| v.string("mode").filter(|mode| mode != "off" && !mode.is_empty());
    let flag = |v: &Attrs| v.bool("ignore_client_certificate_expiry").unwrap_or(false);
    let names = |v: &Attrs| text(v, "advertise_trust_store_ca_names");
    let (store, names_alike) = ("trust_store_arn", names(&a).is_empty() || (names(&a) == "on") == (names(&b) == "on"));
    let alike = || text(&a, store) == text(&b, store) && flag(&a) == flag(&b) && names_alike;
    mode(&a) == mode(&b) && (mode(&a).is_none() || alike())
}

table! {
    Rows: Live, create Create {
        alpn_policy: Text, none [.check(|v| checks::one_of(v, &ALPN))]
            [.read(|l| l.held().alpn_policy().first().map(String::as_str).into())];
        arn = listener_arn: Text, read [.computed()];
        certificate_arn: Text, none
            [.read(|l| l.held().certificates().first().and_then(|c| c.certificate_arn()).into())];
        default_action: BlockList<actions::Step>, none
            [.count(1, None).read(|l| actions::read(l.held().default_actions()))];
        load_balancer_arn: Text [.required().force_new()];
        mutual_authentication: OptionalBlock<Mutual> [.normal(Normal::With(same_proof))];
        port: Int [.check(shared::port)];
        protocol: EnumCell, read [.optional_computed().check(|v| checks::one_of(v, &PROTOCOLS))];
        ssl_policy: Text [.optional_computed()];
    }
}

/// What a listener of an application balancer speaks when the layout does not say, as in Terraform.
fn usual_protocol(want: &Attrs) -> Option<&'static str> {
    want.str("load_balancer_arn").filter(|arn| arn.contains(":loadbalancer/app/")).map(|_| "HTTP")
}

fn check(want: &Attrs) -> Faults {
    let mut wrong = Faults::new();
    if let Some(protocol) = want.str("protocol") {
        let encrypted = matches!(protocol, "HTTPS" | "TLS");
        let lacks = |name: &str| !encrypted && want.is_set(name);
        let has_no = |name: &str| format!("a listener for {protocol} has no {name}");
        wrong.extend(faults! {
            encrypted && !want.is_given("certificate_arn") => "certificate_arn",
                format!("a listener for {protocol} needs a certificate");
            lacks("certificate_arn") => "certificate_arn", has_no("certificate_arn");
            lacks("ssl_policy") => "ssl_policy", has_no("ssl_policy");
            lacks("alpn_policy") => "alpn_policy", has_no("alpn_policy");
            lacks("mutual_authentication") => "mutual_authentication", has_no("mutual_authentication");
            want.is_set("alpn_policy") && protocol == "HTTPS" => "alpn_policy",
                "only a TLS listener of a network balancer takes alpn_policy";
            !want.is_given("port") => "port", format!("a listener for {protocol} needs a port");
        });
    }
    for proof in want.blocks("mutual_authentication") {
        let (mode, store) = (proof.str("mode"), proof.is_given("trust_store_arn"));
        wrong.extend(faults! {
            mode == Some("verify") && !store => "mutual_authentication", "mode verify needs trust_store_arn";
            mode.is_some_and(|mode| mode != "verify") && store => "mutual_authentication",
                format!("mode {} takes no trust_store_arn", mode.unwrap_or_default());
        });
    }
    let actions = actions::check(&want.blocks("default_action"));
    wrong.extend(actions.into_iter().map(|text| ("default_action", text)));
    wrong
}

fn certificates(want: &Attrs) -> Option<Vec<Certificate>> {
    let arn = want.string("certificate_arn").filter(|arn| !arn.is_empty())?;
    Some(vec![Certificate::builder().certificate_arn(arn).build()])
}

fn alpn(want: &Attrs) -> Option<Vec<String>> {
    want.string("alpn_policy").filter(|policy| !policy.is_empty()).map(|policy| vec![policy])
}

/// Listeners with tags and attributes.
pub async fn complete(aws: &Aws, found: Vec<Listener>) -> Result<Vec<Live>> {
    let one = |object: Listener, arn: String, tags: Vec<Tag>| async move {
        let answer = aws.read.elb.describe_listener_attributes().listener_arn(arn).send().await?;
        Ok(Live { settings: Settings::from(answer.attributes.unwrap_or_default()), tags, object, more: () })
    };
    shared::complete(aws, found, Listener::listener_arn, one).await
}

impl Resource for AwsLbListener {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let mut rows = Rows::rows::<Live>();
        rows.extend(Behaviour::columns());
        Spec::new("aws_lb_listener", |l| l.listener_arn().map(Into::into), rows)
            .role(Role::Listener(role::Door {
                actions: "default_action",
                action: &actions::FORWARDING,
                parent: "load_balancer_arn",
                unjudged: Unjudged::All("ports and actions"),
            }))
            .own_tags(|l| tags::of(&l.tags))
            .unique(&[&["load_balancer_arn", "port"]])
            .recover(Recover::Key)
            .check(check)
    }

    /// All listeners of the balancers that the ids name. A balancer has one listener per port.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let balancers = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| shared::balancer_of(id)).collect(),
            Which::Token(_) => BTreeSet::new(),
            Which::NaturalKey(want) => want.string("load_balancer_arn").into_iter().collect(),
        };
        let mut found = shared::listeners_of(aws, balancers).await?;
        found.retain(|listener| match which {
            Which::Ids(ids) => listener.listener_arn().is_some_and(|arn| ids.iter().any(|id| id == arn)),
            Which::Token(_) => false,
            Which::NaturalKey(want) => listener.port() == want.int("port"),
        });
        complete(aws, found).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.elb.create_listener(), want)
            .set_protocol(want.str("protocol").or(usual_protocol(want)).map(Into::into))
            .set_default_actions(Some(actions::write(want, "default_action")))
            .set_certificates(certificates(want))
            .set_alpn_policy(alpn(want));
        let answer = call.set_tags(tags::marked(want, token)).send().await?;
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
        let Some(changed) = settings::made(settings::changed(Behaviour::KEYS, change)) else { return Ok(()) };
        let call = aws.write.elb.modify_listener_attributes().listener_arn(id);
        done(call.set_attributes(Some(changed)).send().await)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.elb.delete_listener().listener_arn(id).send().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
