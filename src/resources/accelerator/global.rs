//! aws_globalaccelerator_accelerator: fixed addresses, by which clients come into AWS's own network near to them. Only
//! one that is off can be deleted.

use crate::aws::api::services::ACCELERATOR;
use crate::aws::api::{Service, member, member_text};
use crate::resources::block::TextList;
use crate::resources::document::{Document, Many, One, at, document};
use crate::resources::plain::{Object, Plain, Tags, joined};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    FlowLogs {
        flow_logs_enabled = "FlowLogsEnabled": Switch;
        flow_logs_s3_bucket = "FlowLogsS3Bucket": Text;
        flow_logs_s3_prefix = "FlowLogsS3Prefix": Text;
    }
}
document! {
    IpSet {
        ip_addresses = "IpAddresses": TextList;
        ip_family = "IpAddressFamily": Text;
    }
}
document! {
    /// The resource type `aws_globalaccelerator_accelerator`.
    pub AwsGlobalacceleratorAccelerator {
        arn = "AcceleratorArn": Text, read [.computed()];
        attributes = "": One<FlowLogs>, none [.stays().read(|l| logs(l.held()))];
        dns_name = "DnsName": Text, read [.computed()];
        dual_stack_dns_name = "DualStackDnsName": Text, read [.computed().follows(&["ip_address_type"])];
        enabled = "Enabled": Flag, read, create, modify [.default(true)];
        hosted_zone_id = "": Text, none [.computed().read(|_| ZONE.into())];
        ip_address_type = "IpAddressType": Text, read, create, modify
            [.default("IPV4").check(|v| checks::one_of(v, &["IPV4", "DUAL_STACK"]))];
        ip_addresses = "IpAddresses": TextList, create [.force_new()];
        ip_sets = "IpSets": Many<IpSet>, read [.computed().follows(&["ip_address_type"])];
        name = "Name": Text, read, create, modify [.required().check(name)];
    }
}

/// The hosted zone of the names of all accelerators (Route 53 API Reference, "AliasTarget").
const ZONE: &str = "Z2BJ6XQ5FK7U4H";
/// How long a change may take, in seconds.
const DEPLOYMENT: u32 = 1800;

fn name(value: &Value) -> Result<(), String> {
    let fits = |text: &str| {
        let ends = text.starts_with('-') || text.ends_with('-');
        !ends && (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    checks::text(value, fits, "is not a valid name; expected at most 64 letters, digits and hyphens between them")
}

/// The logs, unless there have never been any.
fn logs(live: &Json) -> Value {
    let used = live["FlowLogsEnabled"] == true || member_text(live, "FlowLogsS3Bucket").is_some();
    at::<One<FlowLogs>>(if used { live } else { &Json::Null }, "Logs")
}

async fn deployed(aws: &Aws, id: &str) -> Result<()> {
    let done = |now: Option<&Object>| now.is_none_or(|a| super::progress(a) == Progress::Ready);
    let what = "the accelerator to be deployed";
    settle::seen_within::<AwsGlobalacceleratorAccelerator>(DEPLOYMENT, aws, id, what, done).await.map(drop)
}

impl Plain for AwsGlobalacceleratorAccelerator {
    const SERVICE: &'static Service = &ACCELERATOR;
    const CREATE: &'static str = "CreateAccelerator";
    const READ: (&'static str, &'static str) = ("DescribeAccelerator", "Accelerator");
    const UPDATE: &'static str = "UpdateAccelerator";
    const DELETE: &'static str = "DeleteAccelerator";
    const TAGS: Option<Tags> = Some(Tags {
        list: "ListTagsForResource",
        set: "TagResource",
        unset: "UntagResource",
        by: ("ResourceArn", "AcceleratorArn"),
        members: ("Tags", "TagKeys"),
        create: "Tags",
        pairs: Some(("Key", "Value")),
    });

    fn specification() -> Spec<Object> {
        let id = |a: &Object| Some(a.id.clone());
        Spec::new("aws_globalaccelerator_accelerator", id, <Self as Document>::rows())
            .role(Role::Address(Unjudged::Of("the addresses that clients use", &["enabled", "ip_address_type"])))
            .global()
            .recover(Recover::ClientToken)
            .progress(super::progress)
            .default_timeout(30)
    }

    fn key(id: &str) -> Json {
        json!({"AcceleratorArn": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "Accelerator.AcceleratorArn")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        joined(<Self as Document>::create(want), json!({"IdempotencyToken": token.0}))
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        <Self as Document>::modify(change)
    }

    async fn further(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("attributes").is_none() {
            return Ok(());
        }
        let logs = |attrs: &Attrs| attrs.blocks("attributes").into_iter().next().unwrap_or_default();
        let (before, after) = (logs(change.before), logs(change.after));
        let on = |logs: &Attrs| logs.bool("flow_logs_enabled") == Some(true);
        let set = |input: Json| async move {
            deployed(aws, id).await?;
            let input = joined(json!({"AcceleratorArn": id}), input);
            aws.write.api.call(&ACCELERATOR, "UpdateAcceleratorAttributes", input).await
        };
        // Where logs go changes only while there are none.
        if on(&before) && on(&after) {
            set(json!({"FlowLogsEnabled": false})).await?;
        }
        set(FlowLogs::create(&after)).await.map(drop)
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        let answer = aws.read.api.call(&ACCELERATOR, "DescribeAcceleratorAttributes", Self::key(id)).await?;
        let logs = member(&answer, "AcceleratorAttributes").cloned().unwrap_or_default();
        json["Logs"] = logs.clone();
        Ok(joined(json, logs))
    }

    async fn before_delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<bool> {
        let off = json!({"AcceleratorArn": id, "Enabled": false});
        aws.write.api.call(&ACCELERATOR, Self::UPDATE, off).await?;
        deployed(aws, id).await?;
        Ok(true)
    }
}
