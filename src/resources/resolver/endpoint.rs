//! aws_route53_resolver_endpoint: addresses in a network by which questions about names come in or go out.

use crate::aws::api::services::RESOLVER;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, Unordered, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Ip {
        ip = "Ip": Text [.optional_computed()];
        ip_id = "IpId": Text, read [.computed()];
        ipv6 = "Ipv6": Text [.optional_computed()];
        subnet_id = "SubnetId": Text [.required()];
    }
}
document! {
    /// The resource type `aws_route53_resolver_endpoint`.
    pub AwsRoute53ResolverEndpoint {
        arn = "Arn": Text, read [.computed()];
        direction = "Direction": Text
            [.required().force_new().check(|v| checks::one_of(v, &["INBOUND", "INBOUND_DELEGATION", "OUTBOUND"]))];
        host_vpc_id = "HostVPCId": Text, read [.computed()];
        name = "Name": Text, read, create, modify;
        protocols = "Protocols": Texts, read, create, modify [.optional_computed()];
        resolver_endpoint_type = "ResolverEndpointType": Text, read, create, modify [.optional_computed()];
        rni_enhanced_metrics_enabled = "RniEnhancedMetricsEnabled": Flag, read, create, modify [.optional_computed()];
        security_group_ids = "SecurityGroupIds": Texts [.required().force_new()];
        target_name_server_metrics_enabled = "TargetNameServerMetricsEnabled": Flag, read, create, modify
            [.optional_computed()];
        ip_address = "IpAddresses": Unordered<Ip> [.required().count(2, Some(10))];
    }
}

/// Whether a wanted address is this one. What the layout leaves to AWS is any.
fn is_same(wanted: &Attrs, now: &Attrs) -> bool {
    let same = |name: &str| text(wanted, name).is_none_or(|text| now.str(name) == Some(&text));
    wanted.str("subnet_id") == now.str("subnet_id") && same("ip") && same("ipv6")
}

/// The addresses that come and those that go.
fn moves(before: Vec<Attrs>, after: Vec<Attrs>) -> (Vec<Attrs>, Vec<Attrs>) {
    let mut left = before;
    let mut new = Vec::new();
    for wanted in after {
        match left.iter().position(|now| is_same(&wanted, now)) {
            Some(at) => drop(left.remove(at)),
            None => new.push(wanted),
        }
    }
    (new, left)
}

impl Plain for AwsRoute53ResolverEndpoint {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "CreateResolverEndpoint";
    const READ: (&'static str, &'static str) = ("GetResolverEndpoint", "ResolverEndpoint");
    const UPDATE: &'static str = "UpdateResolverEndpoint";
    const DELETE: &'static str = "DeleteResolverEndpoint";
    const TAGS: Option<Tags> = Some(super::TAGS);

    fn specification() -> Spec<Object> {
        let id = |e: &Object| Some(e.id.clone());
        Spec::new("aws_route53_resolver_endpoint", id, <Self as Document>::rows())
            .role(Role::Name(Unjudged::Of("addresses for questions", &["ip_address", "protocols"])))
            .recover(Recover::TokenTag)
            .progress(|e| {
                state(e, "Status", &["CREATING", "UPDATING", "AUTO_RECOVERING", "DELETING"], &["ACTION_NEEDED"], &[])
            })
            .wait_for_deletion()
            .default_timeout(10)
    }

    async fn of_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
        super::of_token(aws, "ListResolverEndpoints", "ResolverEndpoints", token).await
    }

    fn key(id: &str) -> Json {
        json!({"ResolverEndpointId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "ResolverEndpoint.Id")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        input["CreatorRequestId"] = token.0.as_str().into();
        input
    }

    async fn further(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("ip_address").is_none() {
            return Ok(());
        }
        let (new, gone) = moves(change.before.blocks("ip_address"), change.after.blocks("ip_address"));
        let settled = |found: Option<&Object>| {
            found.is_none_or(|e| member_text(&e.json, "Status").as_deref() == Some("OPERATIONAL"))
        };
        let calls = new.iter().map(|ip| ("AssociateResolverEndpointIpAddress", Ip::create(ip)));
        let other = |ip: &Attrs| ("DisassociateResolverEndpointIpAddress", Ip::create(ip));
        for (operation, ip) in calls.chain(gone.iter().map(other)) {
            let input = json!({"ResolverEndpointId": id, "IpAddress": ip});
            aws.write.api.call(&RESOLVER, operation, input).await?;
            settle::seen::<Self>(aws, id, &format!("the addresses of {id}"), settled).await?;
        }
        Ok(())
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        let pages = Pages("NextToken", "NextToken");
        let operation = "ListResolverEndpointIpAddresses";
        json["IpAddresses"] =
            aws.read.api.list(&RESOLVER, operation, Self::key(id), pages, "IpAddresses").await?.into();
        Ok(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_left_to_aws_stays() {
        let ip = |subnet: &str, ip: &str| Attrs::default().with("subnet_id", subnet).with("ip", ip);
        let before = vec![ip("a", "10.0.0.4"), ip("b", "10.0.1.4")];
        assert_eq!(moves(before.clone(), vec![ip("b", ""), ip("a", "10.0.0.4")]), (vec![], vec![]));
        let (new, gone) = moves(before, vec![ip("a", "10.0.0.5"), ip("b", "")]);
        assert_eq!((new, gone), (vec![ip("a", "10.0.0.5")], vec![ip("a", "10.0.0.4")]));
    }
}
