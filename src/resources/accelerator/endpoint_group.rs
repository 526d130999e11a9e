//! aws_globalaccelerator_endpoint_group: what serves a listener in one region. A listener has one group there.

use crate::aws::api::services::ACCELERATOR;
use crate::aws::api::{Pages, Service, items, member_text};
use crate::resources::document::{Document, Unordered, document};
use crate::resources::plain::{Object, Plain, joined};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Endpoint {
        attachment_arn = "AttachmentArn": Text;
        client_ip_preservation_enabled = "ClientIPPreservationEnabled": Flag [.optional_computed()];
        endpoint_id = "EndpointId": Text;
        weight = "Weight": Int
            [.stays()]
            [.check(|v| checks::number(v, |n| (0..=255).contains(&n), "is not a valid weight; expected 0 to 255"))];
    }
}
document! {
    Override {
        endpoint_port = "EndpointPort": Int [.required().check(port)];
        listener_port = "ListenerPort": Int [.required().check(port)];
    }
}
document! {
    /// The resource type `aws_globalaccelerator_endpoint_group`.
    pub AwsGlobalacceleratorEndpointGroup {
        arn = "EndpointGroupArn": Text, read [.computed()];
        endpoint_configuration = "EndpointConfigurations": Unordered<Endpoint>, read, create, modify;
        endpoint_group_region = "EndpointGroupRegion": Text [.optional_computed().force_new()];
        health_check_interval_seconds = "HealthCheckIntervalSeconds": Int, read, create, modify
            [.default(30)]
            [.check(|v| checks::number(v, |n| n == 10 || n == 30, "is not a valid interval; expected 10 or 30 seconds"))];
        health_check_path = "HealthCheckPath": Text, read, create, modify [.optional_computed()];
        health_check_port = "HealthCheckPort": Int, read, create, modify [.optional_computed().check(port)];
        health_check_protocol = "HealthCheckProtocol": Text, read, create, modify
            [.default("TCP").check(|v| checks::one_of(v, &["TCP", "HTTP", "HTTPS"]))];
        listener_arn = "ListenerArn": Text [.required().force_new()];
        port_override = "PortOverrides": Unordered<Override>, read, create, modify [.count(0, Some(10))];
        threshold_count = "ThresholdCount": Int, read, create, modify
            [.default(3)]
            [.check(|v| checks::number(v, |n| (1..=10).contains(&n), "is not a valid count; expected 1 to 10"))];
        traffic_dial_percentage = "TrafficDialPercentage": Real, read, create, modify [.default(100)];
    }
}

/// A port that a listener or an endpoint can have.
pub fn port(value: &Value) -> Result<(), String> {
    checks::number(value, |n| (1..=65535).contains(&n), "is not a port; expected 1 to 65535")
}

/// The account in the ARN of an endpoint; an address has none.
fn account(endpoint: &Json) -> Option<String> {
    let id = member_text(endpoint, "EndpointId")?;
    id.strip_prefix("arn:")?.split(':').nth(3).map(str::to_owned)
}

/// The attachments by which other accounts lend their endpoints, which the group itself does not show.
async fn lent(aws: &Aws, endpoints: &mut [Json]) -> Result<()> {
    let mut owners: Vec<String> =
        endpoints.iter().filter_map(account).filter(|owner| **owner != *aws.account).collect();
    owners.sort_unstable();
    owners.dedup();
    for owner in owners {
        let by = json!({"ResourceOwnerAwsAccountId": owner});
        let pages = Pages("NextToken", "NextToken");
        let operation = "ListCrossAccountResources";
        let all = aws.read.api.list(&ACCELERATOR, operation, by, pages, "CrossAccountResources").await?;
        for endpoint in endpoints.iter_mut() {
            if let Some(one) = all.iter().find(|one| one["EndpointId"] == endpoint["EndpointId"]) {
                endpoint["AttachmentArn"] = one["AttachmentArn"].clone();
            }
        }
    }
    Ok(())
}

impl Plain for AwsGlobalacceleratorEndpointGroup {
    const SERVICE: &'static Service = &ACCELERATOR;
    const CREATE: &'static str = "CreateEndpointGroup";
    const READ: (&'static str, &'static str) = ("DescribeEndpointGroup", "EndpointGroup");
    const UPDATE: &'static str = "UpdateEndpointGroup";
    const DELETE: &'static str = "DeleteEndpointGroup";

    fn specification() -> Spec<Object> {
        let id = |g: &Object| Some(g.id.clone());
        Spec::new("aws_globalaccelerator_endpoint_group", id, <Self as Document>::rows())
            .role(Role::Address(Unjudged::All("what clients reach")))
            .global()
            .recover(Recover::ClientToken)
            .unique(&[&["listener_arn", "endpoint_group_region"]])
            .progress(super::progress)
            .default_timeout(30)
    }

    fn key(id: &str) -> Json {
        json!({"EndpointGroupArn": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "EndpointGroup.EndpointGroupArn")
    }

    fn input(aws: &Aws, want: &Attrs, token: &Token) -> Json {
        let own = json!({"EndpointGroupRegion": &*aws.region, "IdempotencyToken": token.0});
        joined(<Self as Document>::create(want), own)
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        json["ListenerArn"] = super::above(id, "/endpoint-group/").into();
        let mut endpoints = items(&json, "EndpointDescriptions");
        lent(aws, &mut endpoints).await?;
        json["EndpointConfigurations"] = endpoints.into();
        super::with_status(aws, id, json).await
    }
}
