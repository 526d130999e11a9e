//! aws_rds_cluster_endpoint: a name of one's own for some of the instances of a cluster.

use super::rds::{call, list};
use super::tagging::{self, Tagged};
use crate::aws::api::{member, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::json;

/// The member that has its identifier.
const ID: &str = "DBClusterEndpointIdentifier";

/// The resource type `aws_rds_cluster_endpoint`.
pub struct AwsRdsClusterEndpoint;

document! {
    Rows {
        cluster_endpoint_identifier = "DBClusterEndpointIdentifier": Text [.required().force_new()];
        cluster_identifier = "DBClusterIdentifier": Text [.required().force_new()];
        custom_endpoint_type = "EndpointType": Text, read("CustomEndpointType"), create, modify
            [.required().check(|v| checks::one_of(v, &["READER", "ANY"]))];
        excluded_members = "ExcludedMembers.member": Texts, read, create, modify;
        static_members = "StaticMembers.member": Texts, read, create, modify;
        arn = "DBClusterEndpointArn": Text, read [.computed()];
        endpoint = "Endpoint": Text, read [.computed()];
    }
}

impl Resource for AwsRdsClusterEndpoint {
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::new("aws_rds_cluster_endpoint", |l: &Tagged| member_text(l, ID), Rows::rows())
            .role(Role::Name(Unjudged::All("endpoints")))
            .own_tags(|l| tags::of(&l.tags))
            .unique(&[&["cluster_endpoint_identifier"]])
            .conflicts(&[&["excluded_members", "static_members"]])
            .wait_for_deletion()
            .progress(|l| match member_text(l, "Status").as_deref() {
                Some(word @ ("creating" | "modifying" | "deleting")) => Progress::Pending(word.into()),
                _ => Progress::Ready,
            })
    }

    /// Those that come with a cluster have no identifier.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let path = "DBClusterEndpoints.DBClusterEndpointList";
        let mut all = list(aws, "DescribeDBClusterEndpoints", json!({}), path).await?;
        all.retain(|e| member(e, ID).is_some());
        tagging::chosen(aws, which, all, ID, "DBClusterEndpointArn").await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateDBClusterEndpoint", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, ID).as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(input) = Rows::filled(change) {
            call(aws, "ModifyDBClusterEndpoint", joined(json!({ID: id}), input)).await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        call(aws, "DeleteDBClusterEndpoint", json!({ID: id})).await.map(drop)
    }
}
