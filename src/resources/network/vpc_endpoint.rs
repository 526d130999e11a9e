//! aws_vpc_endpoint: a private way from a VPC to a service.

use crate::aws::{Aws, Error, Result, filter, filtered, made};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which, rows};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::rows::{Recover, object_type};
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{
    DnsEntry, DnsOptionsSpecification, DnsRecordIpType, IpAddressType, PrefixList, ResourceType, State,
    SubnetConfiguration, VpcEndpoint, VpcEndpointType,
};
use std::collections::BTreeMap;

type A = spec::A<Endpoint>;
type Row = spec::A<()>;

/// The resource type `aws_vpc_endpoint`.
pub struct AwsVpcEndpoint;

/// An endpoint as listed, with the prefix list of its service.
pub struct Endpoint {
    endpoint: VpcEndpoint,
    arn: String,
    prefix_list: Option<PrefixList>,
}

const TYPES: [&str; 5] = ["Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"];
const GATEWAY: &str = "Gateway";

fn dns_rows() -> Vec<Attribute> {
    rows([
        Row::string("dns_record_ip_type").optional_computed(),
        Row::bool("private_dns_only_for_inbound_resolver_endpoint"),
        Row::string("private_dns_preference").optional_computed(),
        Row::string_set("private_dns_specified_domains").optional_computed(),
    ])
}

fn subnet_rows() -> Vec<Attribute> {
    rows(["ipv4", "ipv6", "subnet_id"].map(Row::string))
}

fn dns_entry_type() -> Type {
    Type::object(["dns_name", "hosted_zone_id"].map(|name| (name, Type::String)))
}

/// EC2 answers in lower camel case where the SDK's names are in upper.
fn state(e: &VpcEndpoint) -> String {
    e.state().map_or("pending", State::as_str).to_ascii_lowercase()
}

fn progress(e: &Endpoint) -> Progress {
    let e = &e.endpoint;
    match state(e).as_str() {
        "available" | "pendingacceptance" => Progress::Ready,
        "deleted" => Progress::Gone,
        word @ ("failed" | "rejected" | "expired") => {
            let reason = e.last_error().and_then(|l| l.message()).or(e.failure_reason());
            Progress::Failed(reason.unwrap_or(word).to_owned())
        }
        word => Progress::Pending(word.to_owned()),
    }
}

/// False while somebody must accept the endpoint; null once that is settled. See `accepted_alike`.
fn accepted(e: &Endpoint) -> Value {
    (state(&e.endpoint) == "pendingacceptance").then_some(false).into()
}

/// Only a wanted acceptance that is still open is a difference.
pub fn accepted_alike(a: &Value, b: &Value) -> bool {
    !matches!((a.as_bool(), b.as_bool()), (Some(a), Some(b)) if a != b)
}

fn dns_options(e: &Endpoint) -> Value {
    let Some(o) = e.endpoint.dns_options() else { return Value::null(object_type(&dns_rows())) };
    Value::object([
        ("dns_record_ip_type", Value::from(o.dns_record_ip_type().map(DnsRecordIpType::as_str))),
        ("private_dns_only_for_inbound_resolver_endpoint", o.private_dns_only_for_inbound_resolver_endpoint().into()),
        ("private_dns_preference", o.private_dns_preference().into()),
        ("private_dns_specified_domains", Value::string_set(o.private_dns_specified_domains())),
    ])
}

fn dns_entries(e: &Endpoint) -> Value {
    let entry = |d: &DnsEntry| {
        Value::object([("dns_name", Value::from(d.dns_name())), ("hosted_zone_id", d.hosted_zone_id().into())])
    };
    Value::list(dns_entry_type(), e.endpoint.dns_entries().iter().map(entry).collect())
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let Some(kind) = want.str("vpc_endpoint_type") else { return wrong };
    let given = |name: &str| {
        want.is_unknown(name) || want.is_set(name) && (want.str(name).is_some() || !want.elements(name).is_empty())
    };
    let on = |name: &str| want.bool(name) == Some(true);
    if kind == GATEWAY {
        for name in ["subnet_ids", "security_group_ids", "subnet_configuration"] {
            if given(name) {
                let message = format!("a Gateway endpoint takes no {name}; it works by route_table_ids");
                wrong.push((name, message));
            }
        }
        if on("private_dns_enabled") {
            let message = "a Gateway endpoint has no private DNS; vpc_endpoint_type = \"Interface\" does";
            wrong.push(("private_dns_enabled", message.into()));
        }
    } else if given("route_table_ids") {
        wrong.push(("route_table_ids", format!("only a Gateway endpoint takes route_table_ids; this one is {kind}")));
    }
    wrong
}

impl Resource for AwsVpcEndpoint {
    type Live = Endpoint;

    fn spec() -> Spec<Endpoint> {
        let [tags, tags_all] = A::tags(|e| tags::read(e.endpoint.tags()));
        let fixed = |name| A::string(name).force_new();
        Spec::new(
            "aws_vpc_endpoint",
            |e| e.endpoint.vpc_endpoint_id().map(Into::into),
            vec![
                fixed("vpc_id").required().read(|e| e.endpoint.vpc_id().into()),
                fixed("service_name").optional_computed().read(|e| e.endpoint.service_name().into()),
                fixed("vpc_endpoint_type")
                    .default(GATEWAY)
                    .check(|v| checks::one_of(v, &TYPES))
                    .read(|e| e.endpoint.vpc_endpoint_type().map_or(GATEWAY, VpcEndpointType::as_str).into()),
                A::bool("auto_accept").normal(Normal::With(accepted_alike)).read(accepted),
                A::string("ip_address_type")
                    .optional_computed()
                    .check(|v| checks::one_of(v, &["ipv4", "dualstack", "ipv6"]))
                    .read(|e| e.endpoint.ip_address_type().map(IpAddressType::as_str).into()),
                A::string("policy")
                    .optional_computed()
                    .normal(Normal::Policy)
                    .read(|e| e.endpoint.policy_document().into()),
                A::bool("private_dns_enabled").optional_computed().read(|e| e.endpoint.private_dns_enabled().into()),
                fixed("resource_configuration_arn").read(|e| e.endpoint.resource_configuration_arn().into()),
                A::string_set("route_table_ids")
                    .optional_computed()
                    .read(|e| Value::string_set(e.endpoint.route_table_ids())),
                A::string_set("security_group_ids")
                    .optional_computed()
                    .read(|e| Value::string_set(e.endpoint.groups().iter().filter_map(|g| g.group_id()))),
                fixed("service_network_arn").read(|e| e.endpoint.service_network_arn().into()),
                fixed("service_region").optional_computed().read(|e| e.endpoint.service_region().into()),
                A::string_set("subnet_ids")
                    .optional_computed()
                    .follows(&["subnet_configuration"])
                    .read(|e| Value::string_set(e.endpoint.subnet_ids())),
                A::optional_block("dns_options", dns_rows()).optional_computed().read(dns_options),
                A::block("subnet_configuration", Nesting::Set, subnet_rows()),
                A::string("arn").computed().read(|e| e.arn.as_str().into()),
                A::string_list("cidr_blocks")
                    .computed()
                    .read(|e| Value::strings(e.prefix_list.as_ref().map_or(&[][..], |p| p.cidrs()))),
                A::of("dns_entry", Type::list(dns_entry_type()))
                    .computed()
                    .follows(&["dns_options", "ip_address_type", "private_dns_enabled", "subnet_ids"])
                    .read(dns_entries),
                A::string_set("network_interface_ids")
                    .computed()
                    .follows(&["subnet_configuration", "subnet_ids"])
                    .read(|e| Value::string_set(e.endpoint.network_interface_ids())),
                A::string("owner_id").computed().read(|e| e.endpoint.owner_id().into()),
                A::string("prefix_list_id")
                    .computed()
                    .read(|e| e.prefix_list.as_ref().and_then(|p| p.prefix_list_id()).into()),
                A::bool("requester_managed").computed().read(|e| e.endpoint.requester_managed().into()),
                A::string("state").computed().read(|e| e.endpoint.state().map(State::as_str).into()),
                tags,
                tags_all,
            ],
        )
        .unique(&[&["vpc_id", "service_name"]])
        .progress(progress)
        .recover(Recover::ClientToken)
        .wait_for_deletion()
        .exactly_one(&[&["service_name", "resource_configuration_arn", "service_network_arn"]])
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Endpoint>> {
        let filters = match which {
            Which::Ids(ids) => filtered("vpc-endpoint-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![
                filter("vpc-id", want.str("vpc_id").unwrap_or_default()),
                filter("service-name", want.str("service_name").unwrap_or_default()),
            ]],
        };
        let found = aws
            .pages(filters, |f| {
                aws.read.ec2.describe_vpc_endpoints().set_filters(Some(f)).into_paginator().items().send()
            })
            .await?;
        let lists = prefix_lists(aws, &found).await?;
        let complete = |endpoint: VpcEndpoint| Endpoint {
            arn: aws.ec2_arn(&format!("vpc-endpoint/{}", endpoint.vpc_endpoint_id().unwrap_or_default())),
            prefix_list: endpoint.service_name().and_then(|name| lists.get(name)).cloned(),
            endpoint,
        };
        Ok(found.into_iter().map(complete).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let list = |name: &str| Some(want.strings(name)).filter(|l| !l.is_empty());
        let answer = aws
            .write
            .ec2
            .create_vpc_endpoint()
            .client_token(&token.0)
            .set_vpc_id(want.string("vpc_id"))
            .set_service_name(want.string("service_name"))
            .set_vpc_endpoint_type(want.str("vpc_endpoint_type").map(VpcEndpointType::from))
            .set_ip_address_type(want.str("ip_address_type").map(IpAddressType::from))
            .set_policy_document(want.string("policy"))
            .set_private_dns_enabled(want.bool("private_dns_enabled"))
            .set_resource_configuration_arn(want.string("resource_configuration_arn"))
            .set_route_table_ids(list("route_table_ids"))
            .set_security_group_ids(list("security_group_ids"))
            .set_service_network_arn(want.string("service_network_arn"))
            .set_service_region(want.string("service_region"))
            .set_subnet_ids(list("subnet_ids"))
            .set_dns_options(wanted_dns(want))
            .set_subnet_configurations(wanted_subnets(want))
            .tag_specifications(tags::at_creation(ResourceType::VpcEndpoint, want, token))
            .send()
            .await?;
        made(answer.vpc_endpoint().and_then(VpcEndpoint::vpc_endpoint_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_bool("auto_accept") == Some(true) {
            accept(aws, id, change.after.str("service_name").unwrap_or_default()).await?;
        }
        let mut call = aws.write.ec2.modify_vpc_endpoint().vpc_endpoint_id(id);
        let mut any = false;
        if let Some(policy) = change.take("policy") {
            any = true;
            call = match policy.as_str() {
                Some(text) if !text.is_empty() => call.policy_document(text),
                _ => call.reset_policy(true),
            };
        }
        if let Some(on) = change.take_bool("private_dns_enabled") {
            any = true;
            call = call.private_dns_enabled(on);
        }
        if let Some(kind) = change.take("ip_address_type").and_then(Value::as_str) {
            any = true;
            call = call.ip_address_type(kind.into());
        }
        let mut difference = |name: &str| {
            let (gone, new) = change.take_elements(name)?;
            any |= !(gone.is_empty() && new.is_empty());
            let texts = |values: Vec<Value>| {
                let all: Vec<String> = values.iter().filter_map(Value::as_str).map(Into::into).collect();
                Some(all).filter(|v| !v.is_empty())
            };
            Some((texts(gone), texts(new)))
        };
        let (gone, new) = difference("route_table_ids").unwrap_or_default();
        call = call.set_remove_route_table_ids(gone).set_add_route_table_ids(new);
        let (gone, new) = difference("subnet_ids").unwrap_or_default();
        call = call.set_remove_subnet_ids(gone).set_add_subnet_ids(new);
        let (gone, new) = difference("security_group_ids").unwrap_or_default();
        call = call.set_remove_security_group_ids(gone).set_add_security_group_ids(new);
        if change.take("dns_options").is_some() {
            any = true;
            call = call.set_dns_options(wanted_dns(change.after));
        }
        if change.take("subnet_configuration").is_some() {
            any = true;
            call = call.set_subnet_configurations(wanted_subnets(change.after));
        }
        if any {
            call.send().await?;
        }
        Ok(())
    }

    /// The API answers with success and a list of what it did not delete.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let answer = aws.write.ec2.delete_vpc_endpoints().vpc_endpoint_ids(id).send().await?;
        let Some(refused) = answer.unsuccessful().iter().find_map(|item| item.error()) else { return Ok(()) };
        settle::unless_gone(Err::<(), _>(Error::of_one(refused.code(), refused.message())))
    }
}

/// The prefix lists of the services of gateway endpoints, by service.
async fn prefix_lists(aws: &Aws, endpoints: &[VpcEndpoint]) -> Result<BTreeMap<String, PrefixList>> {
    let gateway = |e: &&VpcEndpoint| e.vpc_endpoint_type().is_none_or(|t| *t == VpcEndpointType::Gateway);
    let mut names: Vec<String> = endpoints.iter().filter(gateway).filter_map(|e| e.service_name.clone()).collect();
    names.sort();
    names.dedup();
    let lists = aws
        .pages(filtered("prefix-list-name", &names), |f| {
            aws.read.ec2.describe_prefix_lists().set_filters(Some(f)).into_paginator().items().send()
        })
        .await?;
    Ok(lists.into_iter().filter_map(|l| Some((l.prefix_list_name.clone()?, l))).collect())
}

/// Accepts the endpoint on the side of a service of the same account.
async fn accept(aws: &Aws, id: &str, service: &str) -> Result<()> {
    let answer = aws.read.ec2.describe_vpc_endpoint_services().service_names(service).send().await?;
    let service_id = answer.service_details().iter().find_map(|d| d.service_id());
    let service_id = service_id.ok_or_else(|| Error::not_found(format!("there is no endpoint service {service}")))?;
    let call = aws.write.ec2.accept_vpc_endpoint_connections();
    call.service_id(service_id).vpc_endpoint_ids(id).send().await?;
    Ok(())
}

fn wanted_dns(want: &Attrs) -> Option<DnsOptionsSpecification> {
    let o = want.blocks("dns_options").into_iter().next()?;
    let domains = Some(o.strings("private_dns_specified_domains")).filter(|d| !d.is_empty());
    Some(
        DnsOptionsSpecification::builder()
            .set_dns_record_ip_type(o.str("dns_record_ip_type").map(DnsRecordIpType::from))
            .set_private_dns_only_for_inbound_resolver_endpoint(
                o.bool("private_dns_only_for_inbound_resolver_endpoint"),
            )
            .set_private_dns_preference(o.string("private_dns_preference"))
            .set_private_dns_specified_domains(domains)
            .build(),
    )
}

fn wanted_subnets(want: &Attrs) -> Option<Vec<SubnetConfiguration>> {
    let subnet = |s: &Attrs| {
        SubnetConfiguration::builder()
            .set_subnet_id(s.string("subnet_id"))
            .set_ipv4(s.string("ipv4"))
            .set_ipv6(s.string("ipv6"))
            .build()
    };
    let all: Vec<_> = want.blocks("subnet_configuration").iter().map(subnet).collect();
    Some(all).filter(|all| !all.is_empty())
}
