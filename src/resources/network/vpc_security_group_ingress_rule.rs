//! aws_vpc_security_group_ingress_rule: one thing that may come in, as an object of its own.

use super::permissions::Direction;
use super::vpc_security_group_rule::{self as rule, Rule};
use crate::aws::{Aws, Result};
use crate::resources::spec::{Resource, Spec, Token, Which};
use crate::schema::{Attrs, Change};

/// The resource type `aws_vpc_security_group_ingress_rule`.
pub struct AwsVpcSecurityGroupIngressRule;

impl Resource for AwsVpcSecurityGroupIngressRule {
    type Live = Rule;

    fn spec() -> Spec<Rule> {
        rule::spec("aws_vpc_security_group_ingress_rule")
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Rule>> {
        rule::describe(aws, Direction::Ingress, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        rule::create(aws, Direction::Ingress, want, token).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        rule::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        rule::delete(aws, Direction::Ingress, id, last).await
    }
}
