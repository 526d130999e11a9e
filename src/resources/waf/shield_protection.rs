//! aws_shield_protection: Shield Advanced for one resource. It needs the subscription, which costs.

use super::shield::{self, Tags, at};
use crate::aws::{Aws, Result, made};
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which};
use crate::resources::tags;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_shield::types::Protection;

type A = spec::A<Live>;
type Live = (Protection, Tags);

/// The resource type `aws_shield_protection`.
pub struct AwsShieldProtection;

fn name(value: &Value) -> std::result::Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || " _.-".contains(c);
    match value.as_str() {
        Some(text) if !(1..=128).contains(&text.chars().count()) || !text.chars().all(allowed) => Err(format!(
            "{text:?} is not a valid name for a protection; expected 1 to 128 letters, digits, spaces and _.-"
        )),
        _ => Ok(()),
    }
}

/// Shield takes addresses, Application and Classic Load Balancers and what is global.
fn resource_arn(value: &Value) -> std::result::Result<(), String> {
    let Some(arn) = value.as_str() else { return Ok(()) };
    let mut parts = arn.splitn(6, ':');
    let taken = match (parts.nth(2), parts.nth(2)) {
        (Some("ec2"), Some(rest)) => rest.starts_with("eip-allocation/"),
        (Some("elasticloadbalancing"), Some(rest)) => {
            rest.starts_with("loadbalancer/")
                && !rest.starts_with("loadbalancer/net/")
                && !rest.starts_with("loadbalancer/gwy/")
        }
        (Some("cloudfront"), Some(rest)) => rest.starts_with("distribution/"),
        (Some("globalaccelerator"), Some(rest)) => rest.starts_with("accelerator/"),
        (Some("route53"), Some(rest)) => rest.starts_with("hostedzone/"),
        _ => false,
    };
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
        let [all, tags_all] = A::tags(|(_, t)| tags::visible(t.iter().map(|(k, v)| (k.as_str(), v.as_str()))));
        let rows = vec![
            A::string("name").required().force_new().check(name).read(|(p, _)| p.name().into()),
            A::string("resource_arn").required().force_new().check(resource_arn).read(|(p, _)| p.resource_arn().into()),
            A::string("arn").computed().read(|(p, _)| p.protection_arn().into()),
            all,
            tags_all,
        ];
        Spec::new("aws_shield_protection", |(p, _)| p.id().map(Into::into), rows)
            .unique(&[&["resource_arn"]])
            .global()
            .tagging(Tagging::Own)
            .implicit_after(&["aws_shield_subscription"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let aws = at(aws);
        let mut pages = aws.read.shield.list_protections().into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(one) = pages.next().await {
            let one = one?;
            let wanted = match which {
                Which::Ids(ids) => ids.iter().any(|id| one.id() == Some(id)),
                Which::NaturalKey(want) => one.resource_arn() == want.str("resource_arn"),
                Which::Token(_) => true,
            };
            found.extend(wanted.then_some(one));
        }
        let mut all = shield::tagged(&aws, found, Protection::protection_arn).await?;
        if let Which::Token(token) = which {
            all.retain(|(_, t)| tags::hold_token(t.iter().map(|(k, v)| (k.as_str(), v.as_str())), token));
        }
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = at(aws).write.shield.create_protection().set_name(want.string("name"));
        let call = call.set_resource_arn(want.string("resource_arn"));
        let answer = call.set_tags(Some(shield::given(tags::with_token(want, token)))).send().await?;
        made(answer.protection_id())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        shield::retag(&at(aws), change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        at(aws).write.shield.delete_protection().protection_id(id).send().await?;
        Ok(())
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
