//! aws_vpc_endpoint_service and aws_vpc_endpoint_service_allowed_principal: a service of one's own that others reach by
//! endpoints of theirs, and who may.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_vpc_endpoint_service_configuration::builders::CreateVpcEndpointServiceConfigurationFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_vpc_endpoint_service_configuration::builders::ModifyVpcEndpointServiceConfigurationFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    PrivateDnsNameConfiguration, ResourceType, ServiceConfiguration, ServiceConnectivityType, ServiceState,
};

/// The resource type `aws_vpc_endpoint_service`.
pub struct AwsVpcEndpointService;
/// The resource type `aws_vpc_endpoint_service_allowed_principal`.
pub struct AwsVpcEndpointServiceAllowedPrincipal;

/// A service as listed, with who may reach it.
pub struct Service {
    service: ServiceConfiguration,
    arn: String,
    principals: Vec<String>,
}

held!(Service: service as ServiceConfiguration);

table! {
    Rows: ServiceConfiguration, create Create, modify Modify {
        acceptance_required: Flag, read, create, modify [.required()];
        gateway_load_balancer_arns: Texts;
        network_load_balancer_arns: Texts;
        private_dns_name: Text, read, create, modify [.optional_computed()];
        supported_ip_address_types: Texts, create [.optional_computed()]
            [.read(|s| Value::string_set(s.held().supported_ip_address_types().iter().map(ServiceConnectivityType::as_str)))];
        supported_regions: Texts, create [.optional_computed()]
            [.read(|s| Value::string_set(s.held().supported_regions().iter().filter_map(|r| r.region())))];
        availability_zones: Texts, read [.computed()];
        base_endpoint_dns_names: Texts, read [.computed()];
        manages_vpc_endpoints: Flag, read [.computed()];
        private_dns_name_configuration: BlockList<DnsProof>, read [.computed().follows(&["private_dns_name"])];
        service_name: Text, read [.computed()];
        service_type: Text, none [.computed()]
            [.read(|s| s.held().service_type().first().and_then(|t| t.service_type()).map(|t| t.as_str()).into())];
        state = service_state: EnumCell, read [.computed()];
    }
}

block! {
    DnsProof: PrivateDnsNameConfiguration => PrivateDnsNameConfiguration {
        name: Text, read;
        state: EnumCell, read;
        r#type: Text, read;
        value: Text, read;
    }
}

fn progress(s: &Service) -> Progress {
    match s.service.service_state() {
        Some(ServiceState::Available) | None => Progress::Ready,
        Some(ServiceState::Deleted) => Progress::Gone,
        Some(ServiceState::Failed) => Progress::Failed("failed".into()),
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

/// Who may reach a service.
async fn principals(aws: &Aws, service: &str) -> Result<Vec<String>> {
    let call = aws.read.ec2.describe_vpc_endpoint_service_permissions().service_id(service);
    let all = all_of(call.into_paginator().items().send()).await?;
    Ok(all.into_iter().filter_map(|p| p.principal).collect())
}

impl Resource for AwsVpcEndpointService {
    type Live = Service;

    fn spec() -> Spec<Service> {
        let beside = [
            A::string_set("allowed_principals")
                .optional_computed()
                .read(|s: &Service| Value::string_set(&s.principals)),
            A::string("arn").computed().read(|s| (&s.arn).into()),
        ];
        let rows = Rows::rows().into_iter().chain(beside).collect();
        Spec::new("aws_vpc_endpoint_service", |s: &Service| s.service.service_id().map(Into::into), rows)
            .role(Role::Endpoint(Unjudged::All("endpoints")))
            .tags(|s| tags::read(s.service.tags()))
            .unique(&[])
            .progress(progress)
            .wait_for_deletion()
            .exactly_one(&[&["gateway_load_balancer_arns", "network_load_balancer_arns"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Service>> {
        let filters = tags::filters(which, "service-id", &[("service-name", "service_name")]);
        let found = listed!(aws, describe_vpc_endpoint_service_configurations, filters).await?;
        each(found, |service| async {
            let id = service.service_id().unwrap_or_default().to_owned();
            let arn = aws.ec2_arn(&format!("vpc-endpoint-service/{id}"));
            Ok(Service { principals: principals(aws, &id).await?, arn, service })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::VpcEndpointService, want, token);
        let call = Rows::create(aws.write.ec2.create_vpc_endpoint_service_configuration(), want);
        let answer = call.client_token(&token.0).tag_specifications(tags).send().await?;
        made(answer.service_configuration().and_then(|s| s.service_id()))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let [gone, new] = change.take_texts("allowed_principals");
        if gone.is_some() || new.is_some() {
            let call = aws.write.ec2.modify_vpc_endpoint_service_permissions().service_id(id);
            call.set_add_allowed_principals(new).set_remove_allowed_principals(gone).send().await?;
        }
        let unnamed = change.has("private_dns_name") && !change.after.is_filled("private_dns_name");
        const SETS: [&str; 4] = [
            "gateway_load_balancer_arns",
            "network_load_balancer_arns",
            "supported_ip_address_types",
            "supported_regions",
        ];
        let sets = SETS.map(|name| change.take_texts(name));
        let any = sets.iter().flatten().any(Option::is_some);
        let [[no_gateways, gateways], [no_balancers, balancers], [no_types, types], [no_regions, regions]] = sets;
        let call = aws
            .write
            .ec2
            .modify_vpc_endpoint_service_configuration()
            .service_id(id)
            .set_remove_private_dns_name(unnamed.then_some(true))
            .set_remove_gateway_load_balancer_arns(no_gateways)
            .set_add_gateway_load_balancer_arns(gateways)
            .set_remove_network_load_balancer_arns(no_balancers)
            .set_add_network_load_balancer_arns(balancers)
            .set_remove_supported_ip_address_types(no_types)
            .set_add_supported_ip_address_types(types)
            .set_remove_supported_regions(no_regions)
            .set_add_supported_regions(regions);
        if let Some(call) = Rows::modify(call.clone(), change).or(any.then_some(call)) {
            call.send().await?;
        }
        Ok(())
    }

    /// The API answers with success and a list of what it did not delete.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let answer = aws.write.ec2.delete_vpc_endpoint_service_configurations().service_ids(id).send().await?;
        let Some(refused) = answer.unsuccessful().iter().find_map(|item| item.error()) else { return Ok(()) };
        settle::unless_gone(Err::<(), _>(Error::of_one(refused.code(), refused.message())))
    }
}

static KEY: Composite = Composite::new(&["vpc_endpoint_service_id", "principal_arn"], ",");

/// A service and one of those who may reach it.
pub struct Allowed {
    service: String,
    principal: String,
}

impl Resource for AwsVpcEndpointServiceAllowedPrincipal {
    type Live = Allowed;

    fn spec() -> Spec<Allowed> {
        let fixed = |name| A::string(name).required().force_new();
        let rows = vec![
            fixed("principal_arn").read(|a: &Allowed| (&a.principal).into()),
            fixed("vpc_endpoint_service_id").read(|a| (&a.service).into()),
        ];
        Spec::composite("aws_vpc_endpoint_service_allowed_principal", &KEY, rows)
            .role(Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("endpoints") }))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Allowed>> {
        let found = each(which.parts(&KEY, "vpc_endpoint_service_id"), |service| async move {
            let all = principals(aws, &service).await?.into_iter();
            Ok(all.map(|principal| Allowed { service: service.clone(), principal }).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.ec2.modify_vpc_endpoint_service_permissions();
        let call = call.set_service_id(want.string("vpc_endpoint_service_id"));
        call.set_add_allowed_principals(want.string("principal_arn").map(|arn| vec![arn])).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.modify_vpc_endpoint_service_permissions();
        let call = call.set_service_id(last.string("vpc_endpoint_service_id"));
        done(call.set_remove_allowed_principals(last.string("principal_arn").map(|arn| vec![arn])).send().await)
    }
}
