//! aws_shield_protection: Shield Advanced for one resource. It needs the subscription, which costs.

use super::checks::made_of;
use super::shield::{self, Tagged};
use crate::aws::api::member_text;
use crate::aws::api::services::SHIELD;
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_shield_protection`.
pub struct AwsShieldProtection;

document! {
    Rows {
        arn = "ProtectionArn": Text, read [.computed()];
        name = "Name": Text [.required().force_new().check(name)];
        resource_arn = "ResourceArn": Text [.required().force_new().check(resource_arn)];
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
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::new("aws_shield_protection", |p: &Tagged| member_text(p, "Id"), Rows::rows())
            .role(Role::NotServing("guards against floods, and carries no traffic"))
            .own_tags(|live| tags::of(&live.tags))
            .unique(&[&["resource_arn"]])
            .global()
            .implicit_after(&["aws_shield_subscription"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let all = shield::protections(aws).await?;
        shield::asked(aws, which, all, "Id", ("resource_arn", "ResourceArn"), "ProtectionArn").await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut input = Rows::create(want);
        input["Tags"] = json!(tags::marked::<Json>(want, token));
        made(member_text(&aws.write.api.call(&SHIELD, "CreateProtection", input).await?, "ProtectionId").as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        shield::retag(aws, change.before.str("arn"), change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&SHIELD, "DeleteProtection", json!({"ProtectionId": id})).await)
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
