//! aws_shield_protection: Shield Advanced for one resource. It needs the subscription, which costs.

use super::checks::made_of;
use super::shield::{self, Tagged, at};
use crate::resources::prelude::*;
use aws_sdk_shield::operation::create_protection::builders::CreateProtectionFluentBuilder as Create;
use aws_sdk_shield::types::Protection;

type Live = Tagged<Protection>;

/// The resource type `aws_shield_protection`.
pub struct AwsShieldProtection;

table! {
    Rows: Live, create Create {
        arn = protection_arn: Text, read [.computed()];
        name: Text [.required().force_new().check(name)];
        resource_arn: Text [.required().force_new().check(resource_arn)];
    }
}

fn name(value: &Value) -> Result<(), String> {
    made_of(value, 128, " .-", "name for a protection", "letters, digits, spaces and _.-")
}

/// What Shield protects, by service.
const PROTECTED: [(&str, &str); 5] = [
    ("ec2", "eip-allocation/"),
    ("elasticloadbalancing", "loadbalancer/"),
    ("cloudfront", "distribution/"),
    ("globalaccelerator", "accelerator/"),
    ("route53", "hostedzone/"),
];

/// Shield takes addresses, Application and Classic Load Balancers and what is global.
fn resource_arn(value: &Value) -> Result<(), String> {
    let Some(arn) = value.as_str() else { return Ok(()) };
    let mut parts = arn.splitn(6, ':');
    let (service, kind) = (parts.nth(2).unwrap_or_default(), parts.nth(2).unwrap_or_default());
    let balancer = !["loadbalancer/net/", "loadbalancer/gwy/"].iter().any(|other| kind.starts_with(other));
    let taken = PROTECTED.iter().any(|(of, begins)| service == *of && kind.starts_with(begins)) && balancer;
    if taken {
        return Ok(());
    }
    Err(format!(
        "{arn:?} cannot be protected; expected the ARN of an address (eip-allocation), an Application or Classic Load \
         Balancer, a distribution, an accelerator or a hosted zone; a Network Load Balancer is protected by its addresses"
    ))
}

impl Resource for AwsShieldProtection {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_shield_protection", |p| p.id().map(Into::into), Rows::rows::<Live>())
            .role(Role::NotServing("guards against floods, and carries no traffic"))
            .own_tags(|live| tags::of(&live.tags))
            .unique(&[&["resource_arn"]])
            .global()
            .implicit_after(&["aws_shield_subscription"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let (aws, arn) = (at(aws), Protection::resource_arn);
        let all = all_of(aws.read.shield.list_protections().into_paginator().items().send()).await?;
        shield::asked(&aws, which, all, Protection::id, ("resource_arn", arn), Protection::protection_arn).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(at(aws).write.shield.create_protection(), want);
        made(call.set_tags(tags::marked(want, token)).send().await?.protection_id())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        shield::retag(&at(aws), change.before.str("arn"), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(at(aws).write.shield.delete_protection().protection_id(id).send().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_shield_protects_is_taken() {
        let takes = |arn: &str| resource_arn(&arn.into()).is_ok();
        assert!(takes("arn:aws:ec2:eu-west-1:1:eip-allocation/eipalloc-1"));
        assert!(takes("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/1"));
        assert!(takes("arn:aws:route53:::hostedzone/Z1"));
        assert!(!takes("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/web/1"));
        assert!(!takes("arn:aws:ec2:eu-west-1:1:instance/i-1"));
    }
}
