//! aws_dx_connection: a port at a Direct Connect location. People lay the cable, which takes days, so that nothing waits
//! for it. A name and the mode of encryption change in place.

use crate::aws::api::services::DIRECT_CONNECT;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain, Tags};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// What AWS offers; below 1 Gbps only through partners.
const BANDWIDTHS: [&str; 14] = [
    "1Gbps", "2Gbps", "5Gbps", "10Gbps", "25Gbps", "100Gbps", "400Gbps", "50Mbps", "100Mbps", "200Mbps", "300Mbps",
    "400Mbps", "500Mbps", "1.6Tbps",
];
const ENCRYPTION: [&str; 3] = ["no_encrypt", "should_encrypt", "must_encrypt"];

document! {
    Limiters {
        in_use = "inUse": Int;
        max_allowed = "maxAllowed": Int;
        remaining = "remaining": Int;
        total_bandwidth = "totalBandwidth": Text;
    }
}
document! {
    /// The resource type `aws_dx_connection`.
    pub AwsDxConnection {
        arn = "arn": Text, read [.computed()];
        aws_device = "awsDeviceV2": Text, read [.computed()];
        bandwidth = "bandwidth": Text [.required().force_new().check(|v| checks::one_of(v, &BANDWIDTHS))];
        encryption_mode = "encryptionMode": Text, read, modify
            [.optional_computed().check(|v| checks::one_of(v, &ENCRYPTION))];
        has_logical_redundancy = "hasLogicalRedundancy": Text, read [.computed()];
        jumbo_frame_capable = "jumboFrameCapable": Flag, read [.computed()];
        location = "location": Text [.required().force_new()];
        macsec_capable = "macSecCapable": Flag, read [.computed()];
        name = "connectionName": Text, read, create, modify [.required()];
        owner_account_id = "ownerAccount": Text, read [.computed()];
        partner_name = "partnerName": Text, read [.computed()];
        port_encryption_status = "portEncryptionStatus": Text, read [.computed()];
        prefix_pool_size_ipv4 = "prefixPoolSizeIpv4": Int, read [.computed()];
        prefix_pool_size_ipv6 = "prefixPoolSizeIpv6": Int, read [.computed()];
        prefix_pool_unallocated_count_ipv4 = "prefixPoolUnallocatedCountIpv4": Int, read [.computed()];
        prefix_pool_unallocated_count_ipv6 = "prefixPoolUnallocatedCountIpv6": Int, read [.computed()];
        provider_name = "providerName": Text [.optional_computed().force_new()];
        rate_limiter_status = "rateLimiterStatus": One<Limiters>, read [.computed()];
        request_macsec = "requestMACSec": Switch, create [.force_new()];
        skip_destroy = "": Switch, none;
        state = "connectionState": Text, read [.computed()];
        vlan_id = "vlan": Int, read [.computed()];
    }
}

impl Plain for AwsDxConnection {
    const SERVICE: &'static Service = &DIRECT_CONNECT;
    const CREATE: &'static str = "CreateConnection";
    const READ: (&'static str, &'static str) = ("DescribeConnections", "connections");
    const UPDATE: &'static str = "UpdateConnection";
    const DELETE: &'static str = "DeleteConnection";
    const TAGS: Option<Tags> = Some(super::tags("tags"));
    const MARKED: bool = true;

    fn specification() -> Spec<Object> {
        Spec::new("aws_dx_connection", |c: &Object| Some(c.id.clone()), <Self as Document>::rows())
            .role(Role::Gateway(Unjudged::Of("the line", &["encryption_mode"])))
            // The line is ordered once it is asked for: `requested` and `pending` last until people have laid it.
            .progress(|c| match member_text(&c.json, "connectionState").as_deref() {
                Some("deleting" | "deleted" | "rejected") => super::progress(c, "connectionState"),
                _ => Progress::Ready,
            })
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"connectionId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "connectionId")
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        <Self as Document>::modify(change)
    }

    async fn further(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("skip_destroy");
        Ok(())
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        json["arn"] = super::arn(aws, &json, &aws.region, "dxcon", id).into();
        Ok(json)
    }

    async fn before_delete(_aws: &Aws, _id: &str, last: &Attrs) -> Result<bool> {
        Ok(last.bool("skip_destroy") != Some(true))
    }
}
