//! aws_lb_listener: a port that a balancer answers on, and what becomes of requests that no rule takes.

use super::actions;
use super::settings::{self, settings};
use super::shared::{self, Full};
use crate::aws::api::services::ELB_V2;
use crate::aws::api::{items, member_text};
use crate::resources::document::{Document, Many, One, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::schema::shape;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The resource type `aws_lb_listener`.
pub struct AwsLbListener;

const ARN: &str = "ListenerArn";
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

document! {
    /// How clients prove who they are.
    Mutual {
        advertise_trust_store_ca_names = "AdvertiseTrustStoreCaNames": Text
            [.optional_computed().check(|v| checks::one_of(v, &["on", "off"]))];
        ignore_client_certificate_expiry = "IgnoreClientCertificateExpiry": Flag [.default(false)];
        mode = "Mode": Text [.required().check(|v| checks::one_of(v, &["off", "verify", "passthrough"]))];
        trust_store_arn = "TrustStoreArn": Text;
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

document! {
    Rows {
        alpn_policy = "AlpnPolicy.member.1": Text, create [.check(|v| checks::one_of(v, &ALPN))]
            [.read(|l| items(l.held(), "AlpnPolicy.member").first().and_then(Json::as_str).into())];
        arn = "ListenerArn": Text, read [.computed()];
        certificate_arn = "Certificates.member.1.CertificateArn": Text, create
            [.read(|l| items(l.held(), "Certificates.member").first().and_then(|c| member_text(c, "CertificateArn")).into())];
        default_action = "": Many<actions::Step>, none
            [.count(1, None).read(|l| actions::read(l.held(), "DefaultActions.member"))];
        load_balancer_arn = "LoadBalancerArn": Text [.required().force_new()];
        mutual_authentication = "MutualAuthentication": One<Mutual> [.normal(Normal::With(same_proof))];
        port = "Port": Int [.check(shared::port)];
        protocol = "Protocol": Text, read [.optional_computed().check(|v| checks::one_of(v, &PROTOCOLS))];
        ssl_policy = "SslPolicy": Text [.optional_computed()];
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

/// Listeners with tags and attributes.
pub async fn complete(aws: &Aws, found: Vec<Json>) -> Result<Vec<Full>> {
    shared::complete(aws, found, ARN, "DescribeListenerAttributes").await
}

impl Resource for AwsLbListener {
    type Live = Full;

    fn spec() -> Spec<Full> {
        let mut rows = Rows::rows::<Full>();
        rows.extend(Behaviour::columns());
        Spec::new("aws_lb_listener", |l| member_text(&l.object, ARN), rows)
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
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Full>> {
        let balancers = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| shared::balancer_of(id)).collect(),
            Which::Token(_) => BTreeSet::new(),
            Which::NaturalKey(want) => want.string("load_balancer_arn").into_iter().collect(),
        };
        let mut found = shared::listeners_of(aws, balancers).await?;
        found.retain(|listener| match which {
            Which::Ids(ids) => member_text(listener, ARN).is_some_and(|arn| ids.contains(&arn)),
            Which::Token(_) => false,
            Which::NaturalKey(want) => shared::port_of(listener) == want.int("port"),
        });
        complete(aws, found).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let protocol = want.str("protocol").or(usual_protocol(want));
        let parts = json!({"Protocol": protocol, "DefaultActions": actions::write(want, "default_action")});
        let input = joined(joined(Rows::create(want), parts), shared::new_tags(want, token));
        let answer = aws.write.api.call(&ELB_V2, "CreateListener", input).await?;
        made(member_text(&answer, "Listeners.member.ListenerArn").as_deref())
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
        let all = Rows::create(after);
        let certified = encrypted && (becomes || changes("certificate_arn"));
        let secured = encrypted && (becomes || changes("ssl_policy"));
        let off = json!({"AlpnPolicy": {"member": ["None"]}, "MutualAuthentication": {"Mode": "off"}});
        let or_off = |member: &str| Some(&all[member]).filter(|given| !given.is_null()).unwrap_or(&off[member]);
        let input = json!({
            ARN: id,
            "Port": changes("port").then_some(&all["Port"]),
            "Protocol": after.str("protocol").filter(|_| changes("protocol")),
            "DefaultActions": changes("default_action").then(|| actions::write(after, "default_action")),
            "Certificates": certified.then_some(&all["Certificates"]),
            "SslPolicy": after.str("ssl_policy").filter(|_| secured),
            "AlpnPolicy": changes("alpn_policy").then(|| or_off("AlpnPolicy")),
            "MutualAuthentication": changes("mutual_authentication").then(|| or_off("MutualAuthentication")),
        });
        if change.take_any(&TOGETHER) {
            aws.write.api.call(&ELB_V2, "ModifyListener", input).await?;
        }
        let changed = settings::changed(Behaviour::KEYS, change);
        settings::set(aws, "ModifyListenerAttributes", (ARN, id), changed).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&ELB_V2, "DeleteListener", json!({ARN: id})).await)
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
