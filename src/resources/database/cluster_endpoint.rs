//! aws_rds_cluster_endpoint: a name of one's own for some of the instances of a cluster.

use super::tagging::{self, Tagged};
use crate::resources::prelude::*;
use aws_sdk_rds::operation::create_db_cluster_endpoint::builders::CreateDBClusterEndpointFluentBuilder as Create;
use aws_sdk_rds::operation::modify_db_cluster_endpoint::builders::ModifyDBClusterEndpointFluentBuilder as Modify;
use aws_sdk_rds::types::DbClusterEndpoint;

type Live = Tagged<DbClusterEndpoint>;

/// The resource type `aws_rds_cluster_endpoint`.
pub struct AwsRdsClusterEndpoint;

table! {
    Rows: DbClusterEndpoint, create Create, modify Modify {
        cluster_endpoint_identifier = db_cluster_endpoint_identifier: Text [.required().force_new()];
        cluster_identifier = db_cluster_identifier: Text [.required().force_new()];
        custom_endpoint_type: Text, read, create(endpoint_type), modify(endpoint_type)
            [.required().check(|v| checks::one_of(v, &["READER", "ANY"]))];
        excluded_members: Texts, read, create, modify;
        static_members: Texts, read, create, modify;
        arn = db_cluster_endpoint_arn: Text, read [.computed()];
        endpoint: Text, read [.computed()];
    }
}

impl Resource for AwsRdsClusterEndpoint {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let id = |l: &Live| l.db_cluster_endpoint_identifier().map(Into::into);
        Spec::new("aws_rds_cluster_endpoint", id, Rows::rows())
            .role(Role::Name(Unjudged::All("endpoints")))
            .own_tags(|l| tags::of(&l.tags))
            .unique(&[&["cluster_endpoint_identifier"]])
            .conflicts(&[&["excluded_members", "static_members"]])
            .wait_for_deletion()
            .progress(|l| match l.status() {
                Some(word @ ("creating" | "modifying" | "deleting")) => Progress::Pending(word.into()),
                _ => Progress::Ready,
            })
    }

    /// Those that come with a cluster have no identifier.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let mut all = all_of(aws.read.rds.describe_db_cluster_endpoints().into_paginator().items().send()).await?;
        all.retain(|e| e.db_cluster_endpoint_identifier().is_some());
        tagging::chosen(aws, which, all, |e| e.db_cluster_endpoint_identifier().zip(e.db_cluster_endpoint_arn())).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_db_cluster_endpoint(), want);
        made(call.set_tags(tags::marked(want, token)).send().await?.db_cluster_endpoint_identifier())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = aws.write.rds.modify_db_cluster_endpoint().db_cluster_endpoint_identifier(id);
        if let Some(call) = Rows::modify(call, change) {
            call.send().await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.rds.delete_db_cluster_endpoint().db_cluster_endpoint_identifier(id).send().await)
    }
}
