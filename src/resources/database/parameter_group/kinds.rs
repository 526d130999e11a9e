//! The calls of the two kinds of parameter groups, which RDS names alike but for the beginning.

use super::Kind;
use crate::resources::prelude::*;
use aws_sdk_rds::types::{DbClusterParameterGroup, DbParameterGroup, Parameter, Tag};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $name:literal, $group:ident, $stem:ident, $parameters:ident, $skips:literal;)*) => {
        pastey::paste! {$(
            $(#[$doc])*
            pub struct $kind;

            impl Kind for $kind {
                type Group = $group;
                const TYPE: &'static str = $name;
                const SKIPS_DESTROY: bool = $skips;

                fn key(group: &Self::Group) -> Option<(&str, &str)> {
                    group.[<$stem _name>]().zip(group.[<$stem _arn>]())
                }

                fn purpose(group: &Self::Group) -> (Option<&str>, Option<&str>) {
                    (group.description(), group.db_parameter_group_family())
                }

                async fn list(aws: &Aws) -> Result<Vec<Self::Group>> {
                    all_of(aws.read.rds.[<describe_ $stem s>]().into_paginator().items().send()).await
                }

                async fn parameters(aws: &Aws, name: &str) -> Result<Vec<Parameter>> {
                    let call = aws.read.rds.[<describe_ $parameters>]().[<$stem _name>](name).source("user");
                    all_of(call.into_paginator().items().send()).await
                }

                async fn create(aws: &Aws, want: &Attrs, tags: Option<Vec<Tag>>) -> Result<String> {
                    let call = aws.write.rds.[<create_ $stem>]().[<set_ $stem _name>](want.string("name"));
                    let call = call.set_db_parameter_group_family(want.string("family"));
                    let answer = call.set_description(want.string("description")).set_tags(tags).send().await?;
                    made(answer.$stem().and_then($group::[<$stem _name>]))
                }

                async fn set(aws: &Aws, name: &str, portion: Vec<Parameter>) -> Result<()> {
                    let call = aws.write.rds.[<modify_ $stem>]().[<$stem _name>](name);
                    done(call.set_parameters(Some(portion)).send().await)
                }

                async fn reset(aws: &Aws, name: &str, portion: Vec<Parameter>) -> Result<()> {
                    let call = aws.write.rds.[<reset_ $stem>]().[<$stem _name>](name).reset_all_parameters(false);
                    done(call.set_parameters(Some(portion)).send().await)
                }

                async fn delete(aws: &Aws, name: &str) -> Result<()> {
                    done(aws.write.rds.[<delete_ $stem>]().[<$stem _name>](name).send().await)
                }
            }
        )*}
    };
}

kinds! {
    /// aws_db_parameter_group
    Instances: "aws_db_parameter_group", DbParameterGroup, db_parameter_group, db_parameters, true;
    /// aws_rds_cluster_parameter_group
    Clusters: "aws_rds_cluster_parameter_group", DbClusterParameterGroup, db_cluster_parameter_group,
        db_cluster_parameters, false;
}
