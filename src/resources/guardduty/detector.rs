//! aws_guardduty_detector: looks for threats in a region, which has one at most.

use crate::aws::api::services::GUARDDUTY;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain, Tags};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Logs {
        enable = "enable": Flag [.required().read(|l| on(l.held()))];
    }
}
document! {
    Kubernetes {
        audit_logs = "auditLogs": One<Logs> [.required().count(1, Some(1))];
    }
}
document! {
    Volumes {
        enable = "enable": Flag [.required().read(|l| on(l.held()))];
    }
}
document! {
    Findings {
        ebs_volumes = "ebsVolumes": One<Volumes> [.required().count(1, Some(1))];
    }
}
document! {
    Malware {
        scan_ec2_instance_with_findings = "scanEc2InstanceWithFindings": One<Findings> [.required().count(1, Some(1))];
    }
}
document! {
    Sources {
        kubernetes = "kubernetes": One<Kubernetes> [.optional_computed()];
        malware_protection = "malwareProtection": One<Malware> [.optional_computed()];
        s3_logs = "s3Logs": One<Logs> [.optional_computed()];
    }
}
document! {
    /// The resource type `aws_guardduty_detector`.
    pub AwsGuarddutyDetector {
        account_id = "accountId": Text, read [.computed()];
        arn = "arn": Text, read [.computed()];
        datasources = "dataSources": One<Sources>, read, create, modify [.optional_computed()];
        enable = "enable": Flag, create, modify [.default(true).read(|d| enabled(d.held()))];
        finding_publishing_frequency = "findingPublishingFrequency": Text, read, create, modify [.optional_computed()];
    }
}

fn on(source: &Json) -> Value {
    (member_text(source, "status").as_deref() == Some("ENABLED")).into()
}

fn enabled(detector: &Json) -> Value {
    on(detector)
}

/// The service takes a bool for the volumes, where the layout has a block.
fn sent(mut input: Json) -> Json {
    let findings = input.pointer_mut("/dataSources/malwareProtection/scanEc2InstanceWithFindings");
    if let Some(findings) = findings {
        findings["ebsVolumes"] = findings["ebsVolumes"]["enable"].clone();
    }
    input
}

async fn is_there(aws: &Aws, id: &str) -> Result<bool> {
    Ok(super::detectors(aws).await?.iter().any(|one| one == id))
}

impl Plain for AwsGuarddutyDetector {
    const SERVICE: &'static Service = &GUARDDUTY;
    const CREATE: &'static str = "CreateDetector POST /detector";
    const READ: (&'static str, &'static str) = ("", "");
    const UPDATE: &'static str = "UpdateDetector POST /detector/{detectorId}";
    const DELETE: &'static str = "DeleteDetector DELETE /detector/{detectorId}";
    const TAGS: Option<Tags> = Some(Tags { list: "", ..Tags::AT_ARN });

    fn specification() -> Spec<Object> {
        Spec::new("aws_guardduty_detector", |d: &Object| Some(d.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it looks for threats"))
            .unique(&[&["region"]])
            .recover(Recover::Key)
    }

    fn key(id: &str) -> Json {
        json!({"detectorId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "detectorId")
    }

    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        sent(<Self as Document>::create(want))
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        <Self as Document>::whole(change).map(sent)
    }

    async fn found(aws: &Aws, _want: &Attrs) -> Result<Vec<String>> {
        super::detectors(aws).await
    }

    /// The call about a detector that is not there says that the request is not valid.
    async fn more(aws: &Aws, id: &str, _json: Json) -> Result<Json> {
        if !is_there(aws, id).await? {
            return Err(Error::not_found(format!("the detector {id} was not found")));
        }
        let mut json = aws.read.api.call(&GUARDDUTY, "GetDetector GET /detector/{detectorId}", Self::key(id)).await?;
        json["accountId"] = (*aws.account).into();
        json["arn"] = format!("arn:{}:guardduty:{}:{}:detector/{id}", aws.partition, aws.region, aws.account).into();
        Ok(json)
    }

    async fn before_delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<bool> {
        is_there(aws, id).await
    }
}
