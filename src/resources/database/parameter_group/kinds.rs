//! The calls of the two kinds of parameter groups.

use super::Kind;
use crate::aws::{Aws, Result, made};
use crate::schema::Attrs;
use aws_sdk_rds::types::{DbClusterParameterGroup, DbParameterGroup, Parameter, Tag};

/// aws_db_parameter_group
pub struct Instances;

impl Kind for Instances {
    type Group = DbParameterGroup;
    const TYPE: &'static str = "aws_db_parameter_group";
    const SKIPS_DESTROY: bool = true;

    fn key(group: &Self::Group) -> Option<(&str, &str)> {
        group.db_parameter_group_name().zip(group.db_parameter_group_arn())
    }

    fn description(group: &Self::Group) -> Option<&str> {
        group.description()
    }

    fn family(group: &Self::Group) -> Option<&str> {
        group.db_parameter_group_family()
    }

    async fn list(aws: &Aws) -> Result<Vec<Self::Group>> {
        let call = |_| aws.read.rds.describe_db_parameter_groups().into_paginator().items().send();
        aws.pages(vec![Vec::new()], call).await
    }

    async fn parameters(aws: &Aws, name: &str) -> Result<Vec<Parameter>> {
        let call = |_| {
            let call = aws.read.rds.describe_db_parameters().db_parameter_group_name(name).source("user");
            call.into_paginator().items().send()
        };
        aws.pages(vec![Vec::new()], call).await
    }

    async fn create(aws: &Aws, want: &Attrs, tags: Vec<Tag>) -> Result<String> {
        let call = aws.write.rds.create_db_parameter_group().set_db_parameter_group_name(want.string("name"));
        let call = call.set_db_parameter_group_family(want.string("family"));
        let answer = call.set_description(want.string("description")).set_tags(Some(tags)).send().await?;
        made(answer.db_parameter_group().and_then(DbParameterGroup::db_parameter_group_name))
    }

    async fn set(aws: &Aws, name: &str, portion: Vec<Parameter>) -> Result<()> {
        let call = aws.write.rds.modify_db_parameter_group().db_parameter_group_name(name);
        call.set_parameters(Some(portion)).send().await?;
        Ok(())
    }

    async fn reset(aws: &Aws, name: &str, portion: Vec<Parameter>) -> Result<()> {
        let call = aws.write.rds.reset_db_parameter_group().db_parameter_group_name(name);
        call.reset_all_parameters(false).set_parameters(Some(portion)).send().await?;
        Ok(())
    }

    async fn delete(aws: &Aws, name: &str) -> Result<()> {
        aws.write.rds.delete_db_parameter_group().db_parameter_group_name(name).send().await?;
        Ok(())
    }
}

/// aws_rds_cluster_parameter_group
pub struct Clusters;

impl Kind for Clusters {
    type Group = DbClusterParameterGroup;
    const TYPE: &'static str = "aws_rds_cluster_parameter_group";
    const SKIPS_DESTROY: bool = false;

    fn key(group: &Self::Group) -> Option<(&str, &str)> {
        group.db_cluster_parameter_group_name().zip(group.db_cluster_parameter_group_arn())
    }

    fn description(group: &Self::Group) -> Option<&str> {
        group.description()
    }

    fn family(group: &Self::Group) -> Option<&str> {
        group.db_parameter_group_family()
    }

    async fn list(aws: &Aws) -> Result<Vec<Self::Group>> {
        let call = |_| aws.read.rds.describe_db_cluster_parameter_groups().into_paginator().items().send();
        aws.pages(vec![Vec::new()], call).await
    }

    async fn parameters(aws: &Aws, name: &str) -> Result<Vec<Parameter>> {
        let call = |_| {
            let call =
                aws.read.rds.describe_db_cluster_parameters().db_cluster_parameter_group_name(name).source("user");
            call.into_paginator().items().send()
        };
        aws.pages(vec![Vec::new()], call).await
    }

    async fn create(aws: &Aws, want: &Attrs, tags: Vec<Tag>) -> Result<String> {
        let call =
            aws.write.rds.create_db_cluster_parameter_group().set_db_cluster_parameter_group_name(want.string("name"));
        let call = call.set_db_parameter_group_family(want.string("family"));
        let answer = call.set_description(want.string("description")).set_tags(Some(tags)).send().await?;
        made(answer.db_cluster_parameter_group().and_then(DbClusterParameterGroup::db_cluster_parameter_group_name))
    }

    async fn set(aws: &Aws, name: &str, portion: Vec<Parameter>) -> Result<()> {
        let call = aws.write.rds.modify_db_cluster_parameter_group().db_cluster_parameter_group_name(name);
        call.set_parameters(Some(portion)).send().await?;
        Ok(())
    }

    async fn reset(aws: &Aws, name: &str, portion: Vec<Parameter>) -> Result<()> {
        let call = aws.write.rds.reset_db_cluster_parameter_group().db_cluster_parameter_group_name(name);
        call.reset_all_parameters(false).set_parameters(Some(portion)).send().await?;
        Ok(())
    }

    async fn delete(aws: &Aws, name: &str) -> Result<()> {
        aws.write.rds.delete_db_cluster_parameter_group().db_cluster_parameter_group_name(name).send().await?;
        Ok(())
    }
}
