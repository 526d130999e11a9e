//! aws_ec2_client_vpn_authorization_rule, aws_ec2_client_vpn_network_association and aws_ec2_client_vpn_route: who may go
//! where through a client VPN endpoint, the subnets that it leads to, and its routes. All are listed by their endpoint.

use super::client_vpn::progress;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::authorize_client_vpn_ingress::builders::AuthorizeClientVpnIngressFluentBuilder as Authorize;
use aws_sdk_ec2::operation::create_client_vpn_route::builders::CreateClientVpnRouteFluentBuilder as CreateRoute;
use aws_sdk_ec2::types::{AuthorizationRule, ClientVpnRoute, TargetNetwork};
use std::collections::BTreeSet;

/// The resource type `aws_ec2_client_vpn_authorization_rule`.
pub struct AwsEc2ClientVpnAuthorizationRule;
/// The resource type `aws_ec2_client_vpn_network_association`.
pub struct AwsEc2ClientVpnNetworkAssociation;
/// The resource type `aws_ec2_client_vpn_route`.
pub struct AwsEc2ClientVpnRoute;

const ENDPOINT: &str = "client_vpn_endpoint_id";

/// The endpoints of the objects asked for. An id begins with that of its endpoint.
fn endpoints(which: Which<'_>) -> BTreeSet<String> {
    match which {
        Which::Ids(ids) => ids.iter().filter_map(|id| Some(id.split_once(',')?.0.to_owned())).collect(),
        Which::Token(_) => BTreeSet::new(),
        Which::NaturalKey(want) => want.string(ENDPOINT).into_iter().collect(),
    }
}

/// Whether an object with this id is asked for.
fn asked(which: Which<'_>, id: Option<String>, of: fn(&Attrs) -> Option<String>) -> bool {
    match which {
        Which::Ids(ids) => id.is_some_and(|id| ids.contains(&id)),
        Which::Token(_) => false,
        Which::NaturalKey(want) => id.is_some() && id == of(want),
    }
}

table! {
    OfRule: AuthorizationRule, create Authorize {
        access_group_id = group_id: Text, read, create(access_group_id) [.force_new()];
        authorize_all_groups = access_all: Flag, read, create(authorize_all_groups) [.force_new()];
        client_vpn_endpoint_id: Text [.required().force_new()];
        description: Text [.force_new()];
        target_network_cidr = destination_cidr: Text, read, create(target_network_cidr)
            [.required().force_new().normal(Normal::Cidr)];
    }
}

fn joined(parts: [Option<&str>; 3]) -> Option<String> {
    let [endpoint, range, group] = parts;
    let group = group.filter(|group| !group.is_empty());
    Some([endpoint?, range?].into_iter().chain(group).collect::<Vec<_>>().join(","))
}

fn rule_id(want: &Attrs) -> Option<String> {
    joined([ENDPOINT, "target_network_cidr", "access_group_id"].map(|name| want.str(name)))
}

fn id_of_rule(r: &AuthorizationRule) -> Option<String> {
    joined([r.client_vpn_endpoint_id(), r.destination_cidr(), r.group_id()])
}

impl Resource for AwsEc2ClientVpnAuthorizationRule {
    type Live = AuthorizationRule;

    fn spec() -> Spec<AuthorizationRule> {
        Spec::new("aws_ec2_client_vpn_authorization_rule", id_of_rule, OfRule::rows())
            .role(Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("rules") }))
            .unique(&[&[ENDPOINT, "target_network_cidr", "access_group_id"]])
            .recover(Recover::Key)
            .wait_for_deletion()
            .exactly_one(&[&["access_group_id", "authorize_all_groups"]])
            .progress(|r| {
                let status = r.status();
                progress(status.and_then(|s| s.code()).map(|c| c.as_str()), status.and_then(|s| s.message()))
            })
            .import("CLIENTVPNENDPOINTID,TARGETNETWORKCIDR[,ACCESSGROUPID]", |text| {
                let mut parts = text.splitn(3, ',');
                let mut key = vec![(ENDPOINT, parts.next()?.into()), ("target_network_cidr", parts.next()?.into())];
                key.extend(parts.next().map(|group| ("access_group_id", group.into())));
                Some(key)
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<AuthorizationRule>> {
        let found = each(endpoints(which), |endpoint| async move {
            let call = aws.read.ec2.describe_client_vpn_authorization_rules().client_vpn_endpoint_id(endpoint);
            all_of(call.into_paginator().items().send()).await
        });
        Ok(found.await?.into_iter().flatten().filter(|r| asked(which, id_of_rule(r), rule_id)).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        OfRule::create(aws.write.ec2.authorize_client_vpn_ingress(), want).client_token(&token.0).send().await?;
        made(rule_id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let all = last.bool("authorize_all_groups").filter(|all| *all);
        let call = aws.write.ec2.revoke_client_vpn_ingress().set_client_vpn_endpoint_id(last.string(ENDPOINT));
        let call = call.set_target_network_cidr(last.string("target_network_cidr")).set_revoke_all_groups(all);
        settle::unless_gone(call.set_access_group_id(text(last, "access_group_id")).send().await)
    }
}

table! {
    OfNetwork: TargetNetwork {
        client_vpn_endpoint_id: Text, read [.required().force_new()];
        subnet_id = target_network_id: Text, read [.required().force_new()];
        association_id: Text, read [.computed()];
        vpc_id: Text, read [.computed()];
    }
}

async fn networks(aws: &Aws, endpoints: BTreeSet<String>) -> Result<Vec<TargetNetwork>> {
    let found = each(endpoints, |endpoint| async move {
        let call = aws.read.ec2.describe_client_vpn_target_networks().client_vpn_endpoint_id(endpoint);
        all_of(call.into_paginator().items().send()).await
    });
    Ok(found.await?.into_iter().flatten().collect())
}

impl Resource for AwsEc2ClientVpnNetworkAssociation {
    type Live = TargetNetwork;

    fn spec() -> Spec<TargetNetwork> {
        let id = |n: &TargetNetwork| n.association_id().map(Into::into);
        Spec::new("aws_ec2_client_vpn_network_association", id, OfNetwork::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .unique(&[&[ENDPOINT, "subnet_id"]])
            .recover(Recover::ClientToken)
            .wait_for_deletion()
            .default_timeout(30)
            .progress(|n| {
                let status = n.status();
                progress(status.and_then(|s| s.code()).map(|c| c.as_str()), status.and_then(|s| s.message()))
            })
            .import("CLIENTVPNENDPOINTID,ASSOCIATIONID", |text| {
                let (endpoint, association) = text.split_once(',')?;
                Some(vec![(ENDPOINT, endpoint.into()), ("association_id", association.into())])
            })
    }

    /// The id of an association does not show its endpoint, so that those of all endpoints are read where ids are asked for.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<TargetNetwork>> {
        let of = match which {
            Which::Ids([]) => BTreeSet::new(),
            Which::Ids(_) => {
                let all = super::client_vpn::listed(aws, vec![Vec::new()]).await?;
                all.iter().filter_map(|e| e.client_vpn_endpoint_id().map(Into::into)).collect()
            }
            which => endpoints(which),
        };
        let mut found = networks(aws, of).await?;
        found.retain(|n| match which {
            Which::Ids(ids) => n.association_id().is_some_and(|id| ids.iter().any(|one| one == id)),
            Which::Token(_) => false,
            Which::NaturalKey(want) => {
                let fits = |name: &str, now: Option<&str>| want.str(name).is_none_or(|wanted| Some(wanted) == now);
                fits("subnet_id", n.target_network_id()) && fits("association_id", n.association_id())
            }
        });
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = aws.write.ec2.associate_client_vpn_target_network().client_token(&token.0);
        let call = call.set_client_vpn_endpoint_id(want.string(ENDPOINT)).set_subnet_id(want.string("subnet_id"));
        made(call.send().await?.association_id())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.disassociate_client_vpn_target_network().association_id(id);
        settle::unless_gone(call.set_client_vpn_endpoint_id(last.string(ENDPOINT)).send().await)
    }
}

table! {
    OfRoute: ClientVpnRoute, create CreateRoute {
        client_vpn_endpoint_id: Text [.required().force_new()];
        description: Text [.force_new()];
        destination_cidr_block = destination_cidr: Text, read, create(destination_cidr_block)
            [.required().force_new().normal(Normal::Cidr)];
        target_vpc_subnet_id = target_subnet: Text, read, create(target_vpc_subnet_id) [.force_new()];
        origin: Text, read [.computed()];
        transit_gateway_attachment_id: Text, read [.computed()];
        r#type: Text, read [.computed()];
    }
}

fn id_of_route(r: &ClientVpnRoute) -> Option<String> {
    let subnet = r.target_subnet().unwrap_or_default();
    Some([r.client_vpn_endpoint_id()?, subnet, r.destination_cidr()?].join(","))
}

fn route_id(want: &Attrs) -> Option<String> {
    let subnet = want.str("target_vpc_subnet_id").unwrap_or_default();
    Some([want.str(ENDPOINT)?, subnet, want.str("destination_cidr_block")?].join(","))
}

impl Resource for AwsEc2ClientVpnRoute {
    type Live = ClientVpnRoute;

    fn spec() -> Spec<ClientVpnRoute> {
        Spec::new("aws_ec2_client_vpn_route", id_of_route, OfRoute::rows())
            .role(Role::OtherRoute(Unjudged::All("routes")))
            .unique(&[&[ENDPOINT, "target_vpc_subnet_id", "destination_cidr_block"]])
            .recover(Recover::Key)
            .wait_for_deletion()
            .progress(|r| {
                let status = r.status();
                progress(status.and_then(|s| s.code()).map(|c| c.as_str()), status.and_then(|s| s.message()))
            })
            .import("CLIENTVPNENDPOINTID,SUBNETID,DESTINATIONCIDR", |text| {
                let mut parts = text.splitn(3, ',');
                let names = [ENDPOINT, "target_vpc_subnet_id", "destination_cidr_block"];
                names.into_iter().map(|name| Some((name, parts.next()?.into()))).collect()
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<ClientVpnRoute>> {
        let found = each(endpoints(which), |endpoint| async move {
            let call = aws.read.ec2.describe_client_vpn_routes().client_vpn_endpoint_id(endpoint);
            all_of(call.into_paginator().items().send()).await
        });
        Ok(found.await?.into_iter().flatten().filter(|r| asked(which, id_of_route(r), route_id)).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        OfRoute::create(aws.write.ec2.create_client_vpn_route(), want).client_token(&token.0).send().await?;
        made(route_id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_client_vpn_route().set_client_vpn_endpoint_id(last.string(ENDPOINT));
        let call = call.set_target_vpc_subnet_id(text(last, "target_vpc_subnet_id"));
        settle::unless_gone(call.set_destination_cidr_block(last.string("destination_cidr_block")).send().await)
    }
}
