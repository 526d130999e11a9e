//! aws_vpc_endpoint: a private way from a VPC to a service.

use crate::resources::block::TextList;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_vpc_endpoint::builders::CreateVpcEndpointFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_vpc_endpoint::builders::ModifyVpcEndpointFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    DnsEntry, DnsOptions, DnsOptionsSpecification, PrefixList, ResourceType, State, SubnetConfiguration, VpcEndpoint,
    VpcEndpointType,
};
use std::collections::BTreeMap;

/// The resource type `aws_vpc_endpoint`.
pub struct AwsVpcEndpoint;

/// An endpoint as listed, with the prefix list of its service.
pub struct Endpoint {
    endpoint: VpcEndpoint,
    arn: String,
    prefix_list: Option<PrefixList>,
}

held!(Endpoint: endpoint as VpcEndpoint);

table! {
    Rows: VpcEndpoint, create Create, modify Modify {
        vpc_id: Text [.required().force_new()];
        service_name: Text, create [.force_new().read(|e| service(e.held()).into())];
        vpc_endpoint_type: EnumCell, create
            [.default(GATEWAY).force_new().check(|v| checks::one_of(v, &TYPES)).read(|e| kind(e.held()).into())];
        auto_accept: Flag, none [.normal(Normal::With(accepted_alike)).read(|e| accepted(e.held()))];
        ip_address_type: EnumCell, read, create, modify
            [.optional_computed().check(|v| checks::one_of(v, &["ipv4", "dualstack", "ipv6"]))];
        policy = policy_document: Text, read, create, modify [.optional_computed().normal(Normal::Policy)];
        private_dns_enabled: Flag, read, create, modify [.optional_computed()];
        resource_configuration_arn: Text [.force_new()];
        route_table_ids: Texts [.optional_computed()];
        security_group_ids: Texts, create
            [.optional_computed().read(|e| Value::string_set(e.held().groups().iter().filter_map(|g| g.group_id())))];
        service_network_arn: Text [.force_new()];
        service_region: Text [.force_new().optional_computed()];
        subnet_ids: Texts [.optional_computed().follows(&["subnet_configuration"])];
        dns_options: OptionalBlock<Dns>, read, create, modify [.optional_computed()];
        subnet_configuration = subnet_configurations: BlockSet<Subnet>, create, modify;
        dns_entry = dns_entries: BlockList<Entry>, read
            [.computed().follows(&["dns_options", "ip_address_type", "private_dns_enabled", "subnet_ids"])];
        network_interface_ids: Texts, read [.computed().follows(&["subnet_configuration", "subnet_ids"])];
        owner_id: Text, read [.computed()];
        requester_managed: Flag, read [.computed()];
        state: EnumCell, read [.computed()];
    }
}

table! {
    /// What other calls say of an endpoint.
    Beside: Endpoint {
        arn: Text, none [.computed().read(|e| e.held().arn.as_str().into())];
        cidr_blocks: TextList, none [.computed().read(|e| e.held().ranges())];
        prefix_list_id: Text, none
            [.computed().read(|e| e.held().prefix_list.as_ref().and_then(|p| p.prefix_list_id()).into())];
    }
}

block! {
    Dns: DnsOptions => DnsOptionsSpecification {
        dns_record_ip_type: EnumCell [.optional_computed()];
        private_dns_only_for_inbound_resolver_endpoint: Flag;
        private_dns_preference: Text [.optional_computed()];
        private_dns_specified_domains: Texts [.optional_computed()];
    }
    Subnet: SubnetConfiguration => SubnetConfiguration {
        ipv4: Text;
        ipv6: Text;
        subnet_id: Text;
    }
    Entry: DnsEntry => DnsEntry {
        dns_name: Text, read [.computed()];
        hosted_zone_id: Text, read [.computed()];
    }
}

impl Endpoint {
    /// Its id.
    pub fn id(&self) -> Option<&str> {
        self.endpoint.vpc_endpoint_id()
    }

    /// Its policy.
    pub fn policy(&self) -> Option<&str> {
        self.endpoint.policy_document()
    }

    fn ranges(&self) -> Value {
        Value::strings(self.prefix_list.as_ref().map_or(&[][..], |p| p.cidrs()))
    }
}

const TYPES: [&str; 5] = ["Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"];
const GATEWAY: &str = "Gateway";

fn kind(e: &VpcEndpoint) -> &str {
    e.vpc_endpoint_type().map_or(GATEWAY, VpcEndpointType::as_str)
}

/// The service of an endpoint that is made for one.
fn service(e: &VpcEndpoint) -> Option<&str> {
    e.service_name().filter(|_| !matches!(kind(e), "Resource" | "ServiceNetwork"))
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
fn accepted(e: &VpcEndpoint) -> Value {
    (state(e) == "pendingacceptance").then_some(false).into()
}

/// Only a wanted acceptance that is still open is a difference.
pub fn accepted_alike(a: &Value, b: &Value) -> bool {
    !matches!((a.as_bool(), b.as_bool()), (Some(a), Some(b)) if a != b)
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let Some(kind) = want.str("vpc_endpoint_type") else { return wrong };
    let on = |name: &str| want.bool(name) == Some(true);
    if kind == GATEWAY {
        for name in ["subnet_ids", "security_group_ids", "subnet_configuration"] {
            if want.is_filled(name) {
                let message = format!("a Gateway endpoint takes no {name}; it works by route_table_ids");
                wrong.push((name, message));
            }
        }
        if on("private_dns_enabled") {
            let message = "a Gateway endpoint has no private DNS; vpc_endpoint_type = \"Interface\" does";
            wrong.push(("private_dns_enabled", message.into()));
        }
    } else if want.is_filled("route_table_ids") {
        wrong.push(("route_table_ids", format!("only a Gateway endpoint takes route_table_ids; this one is {kind}")));
    }
    wrong
}

impl Resource for AwsVpcEndpoint {
    type Live = Endpoint;

    fn spec() -> Spec<Endpoint> {
        let rows = Rows::rows().into_iter().chain(Beside::rows()).collect();
        Spec::new("aws_vpc_endpoint", |e: &Endpoint| e.endpoint.vpc_endpoint_id().map(Into::into), rows)
            .role(Role::Endpoint(Unjudged::All("routes")))
            .tags(|e| tags::read(e.endpoint.tags()))
            .unique(&[&["vpc_id", "service_name"]])
            .progress(progress)
            .recover(Recover::ClientToken)
            .wait_for_deletion()
            .exactly_one(&[&["service_name", "resource_configuration_arn", "service_network_arn"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Endpoint>> {
        let key = [("vpc-id", "vpc_id"), ("service-name", "service_name")];
        let found = listed!(aws, describe_vpc_endpoints, tags::filters(which, "vpc-endpoint-id", &key)).await?;
        let lists = prefix_lists(aws, &found).await?;
        let complete = |endpoint: VpcEndpoint| Endpoint {
            arn: aws.ec2_arn(&format!("vpc-endpoint/{}", endpoint.vpc_endpoint_id().unwrap_or_default())),
            prefix_list: endpoint.service_name().and_then(|name| lists.get(name)).cloned(),
            endpoint,
        };
        Ok(found.into_iter().map(complete).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_vpc_endpoint(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::VpcEndpoint, want, token)).send().await?;
        made(answer.vpc_endpoint().and_then(VpcEndpoint::vpc_endpoint_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_bool("auto_accept") == Some(true) {
            accept(aws, id, change.after.str("service_name").unwrap_or_default()).await?;
        }
        let reset = change.has("policy") && !change.after.is_set("policy");
        let call = aws.write.ec2.modify_vpc_endpoint().vpc_endpoint_id(id).set_reset_policy(reset.then_some(true));
        let moved = ["route_table_ids", "subnet_ids", "security_group_ids"].map(|name| change.take_texts(name));
        let any = moved.iter().flatten().any(Option::is_some);
        let [[no_tables, tables], [no_subnets, subnets], [no_groups, groups]] = moved;
        let call = call
            .set_remove_route_table_ids(no_tables)
            .set_add_route_table_ids(tables)
            .set_remove_subnet_ids(no_subnets)
            .set_add_subnet_ids(subnets)
            .set_remove_security_group_ids(no_groups)
            .set_add_security_group_ids(groups);
        if let Some(call) = Rows::modify(call.clone(), change).or(any.then_some(call)) {
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
    let lists = listed!(aws, describe_prefix_lists, filtered("prefix-list-name", &names)).await?;
    Ok(lists.into_iter().filter_map(|l| Some((l.prefix_list_name.clone()?, l))).collect())
}

/// Accepts the endpoint on the side of a service of the same account.
async fn accept(aws: &Aws, id: &str, service: &str) -> Result<()> {
    let answer = aws.read.ec2.describe_vpc_endpoint_services().service_names(service).send().await?;
    let service_id = answer.service_details().iter().find_map(|d| d.service_id());
    let service_id =
        service_id.ok_or_else(|| Error::not_found(format!("the endpoint service {service} was not found")))?;
    let call = aws.write.ec2.accept_vpc_endpoint_connections();
    call.service_id(service_id).vpc_endpoint_ids(id).send().await?;
    Ok(())
}
