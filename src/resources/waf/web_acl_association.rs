//! aws_wafv2_web_acl_association: a web ACL in front of a resource. Another web ACL takes the place
//! of the first in one call, so that the resource is never without one; AWS gives no id.

use crate::aws::api::services::WAF;
use crate::aws::api::{items, member_text};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::json;
use std::collections::BTreeMap;

/// The resource type `aws_wafv2_web_acl_association`.
pub struct AwsWafv2WebAclAssociation;

/// A web ACL and what it is in front of.
static KEY: Composite = Composite::new(&["web_acl_arn", "resource_arn"], ",");

fn ends(attrs: &Attrs) -> (String, String) {
    let text = |name| attrs.string(name).unwrap_or_default();
    (text("web_acl_arn"), text("resource_arn"))
}

/// The kind of a resource, as WAF lists resources by it.
fn kind(arn: &str) -> Option<&'static str> {
    let mut parts = arn.splitn(6, ':');
    let (service, rest) = (parts.nth(2)?, parts.nth(2)?);
    Some(match service {
        "elasticloadbalancing" => "APPLICATION_LOAD_BALANCER",
        "apigateway" => "API_GATEWAY",
        "appsync" => "APPSYNC",
        "cognito-idp" => "COGNITO_USER_POOL",
        "apprunner" => "APP_RUNNER_SERVICE",
        "amplify" => "AMPLIFY",
        "ec2" if rest.starts_with("verified-access-instance/") => "VERIFIED_ACCESS_INSTANCE",
        _ => return None,
    })
}

fn resource_arn(value: &Value) -> Result<(), String> {
    let Some(arn) = value.as_str() else { return Ok(()) };
    if arn.split(':').nth(2) == Some("cloudfront") {
        return Err("a distribution of CloudFront names its web ACL itself, by web_acl_id".into());
    }
    match kind(arn) {
        Some(_) => Ok(()),
        None => Err(format!(
            "{arn:?} is nothing that takes a web ACL; expected the ARN of an Application Load Balancer, an API's \
             stage, an AppSync API, a Cognito user pool, an App Runner service, an Amplify app or a Verified Access instance"
        )),
    }
}

/// Those of `wanted` that are there: one call per web ACL and kind of resource.
async fn present(aws: &Aws, wanted: Vec<Attrs>) -> Result<Vec<Attrs>> {
    let mut lists: BTreeMap<(String, &str), Vec<Attrs>> = BTreeMap::new();
    for one in wanted {
        let (web_acl, resource) = ends(&one);
        if let Some(kind) = kind(&resource) {
            lists.entry((web_acl, kind)).or_default().push(one);
        }
    }
    let call = |((web_acl, kind), wanted): ((String, &'static str), Vec<Attrs>)| async move {
        let input = json!({"WebACLArn": web_acl, "ResourceType": kind});
        let found = items(&aws.read.api.call(&WAF, "ListResourcesForWebACL", input).await?, "ResourceArns");
        let there = |one: &Attrs| found.contains(&ends(one).1.into());
        Ok(wanted.into_iter().filter(there).collect::<Vec<_>>())
    };
    Ok(each(lists, call).await?.into_iter().flatten().collect())
}

/// The web ACL that is in front of a resource now.
pub async fn current(aws: &Aws, resource: &str) -> Result<Option<String>> {
    match aws.read.api.call(&WAF, "GetWebACLForResource", json!({"ResourceArn": resource})).await {
        Ok(answer) => Ok(member_text(&answer, "WebACL.ARN")),
        Err(e) if e.is_not_found() => Ok(None),
        Err(e) => Err(e),
    }
}

async fn associate(aws: &Aws, attrs: &Attrs) -> Result<String> {
    let (web_acl, resource) = ends(attrs);
    let input = json!({"WebACLArn": web_acl, "ResourceArn": resource});
    aws.write.api.call(&WAF, "AssociateWebACL", input).await?;
    made(KEY.id(attrs).as_deref())
}

impl Resource for AwsWafv2WebAclAssociation {
    type Live = Attrs;

    fn spec() -> Spec<Attrs> {
        let rows = vec![
            A::string("resource_arn")
                .required()
                .force_new()
                .check(resource_arn)
                .read(|a: &Attrs| a.str("resource_arn").into()),
            A::string("web_acl_arn").required().read(|a| a.str("web_acl_arn").into()),
        ];
        Spec::composite("aws_wafv2_web_acl_association", &KEY, rows)
            .role(Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("web ACL") }))
            .id_follows(&["web_acl_arn"])
            .unique(&[&["resource_arn"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Attrs>> {
        present(aws, which.keys(&KEY)).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        associate(aws, want).await
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("web_acl_arn").is_some() {
            change.new_id = Some(associate(aws, change.after).await?);
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let Some((web_acl, resource)) = KEY.parse(id).map(|attrs| ends(&attrs)) else { return Ok(()) };
        if current(aws, &resource).await? == Some(web_acl) {
            let input = json!({"ResourceArn": resource});
            unless_gone(aws.write.api.call(&WAF, "DisassociateWebACL", input).await)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_a_web_acl_is_taken() {
        let said = |arn: &str| resource_arn(&arn.into());
        assert!(said("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/1").is_ok());
        assert!(said("arn:aws:apigateway:eu-west-1::/restapis/a/stages/b").is_ok());
        assert!(said("arn:aws:ec2:eu-west-1:1:instance/i-1").is_err());
        assert!(said("arn:aws:cloudfront::1:distribution/E1").is_err_and(|e| e.contains("web_acl_id")));
    }
}
