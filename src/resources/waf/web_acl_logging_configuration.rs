//! aws_wafv2_web_acl_logging_configuration: where a web ACL reports requests to, and which of them.

use super::checks;
use super::field_to_match::{one, redactable, single};
use super::object::{CLOUDFRONT, REGIONAL, pages, write};
use super::wire::{self, Members};
use crate::resources::prelude::*;
use crate::schema::checks::{all, one_of};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The resource type `aws_wafv2_web_acl_logging_configuration`.
pub struct AwsWafv2WebAclLoggingConfiguration;

/// The members that the layout says.
static MEMBERS: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let behavior = |v: &Value| one_of(v, &["KEEP", "DROP"]);
    let actions = |v: &Value| one_of(v, &["ALLOW", "BLOCK", "COUNT", "CAPTCHA", "CHALLENGE", "EXCLUDED_AS_COUNT"]);
    let condition = rows([
        one("action_condition", [Row::string("action").required().check(actions)]),
        one("label_name_condition", [Row::string("label_name").required().check(checks::label)]),
    ]);
    let filter = rows([
        Row::string("behavior").required().check(behavior),
        Row::block("condition", Nesting::Set, condition).count(1, None),
        Row::string("requirement").required().check(|v| one_of(v, &["MEETS_ALL", "MEETS_ANY"])),
    ]);
    let filters = rows([
        Row::string("default_behavior").required().check(behavior),
        Row::block("filter", Nesting::Set, filter).count(1, None),
    ]);
    rows([
        Row::string_set("log_destination_configs")
            .required()
            .normal(Normal::With(same_destination))
            .check(destinations),
        single("logging_filter", filters),
        Row::block("redacted_fields", Nesting::List, redactable())
            .count(0, Some(100))
            .normal(Normal::With(same_fields)),
    ])
});

/// The ARN of a log group is written with and without the end that stands for its streams.
fn same_destination(a: &Value, b: &Value) -> bool {
    let group = |v: &Value| v.as_str().map(|text| text.trim_end_matches(":*").to_owned());
    group(a).is_some() && group(a) == group(b)
}

/// The order of the fields means nothing.
fn same_fields(a: &Value, b: &Value) -> bool {
    let rows = redactable();
    let all = |value: &Value| -> BTreeSet<String> {
        let fields = value.as_elements().unwrap_or_default().iter();
        fields.map(|field| wire::to_json(&rows, field).to_string()).collect()
    };
    all(a) == all(b)
}

/// One destination, whose name begins as WAF wants it.
fn destinations(value: &Value) -> Result<(), String> {
    let given: Vec<&str> = value.as_elements().unwrap_or_default().iter().filter_map(Value::as_str).collect();
    let many = (given.len() > 1).then(|| format!("{} destinations are given; a web ACL reports to one", given.len()));
    let named = |arn: &str| {
        let name = arn.rsplit_once(":log-group:").or_else(|| arn.rsplit_once("deliverystream/"));
        name.or_else(|| arn.rsplit_once(":::")).map_or(arn, |(_, name)| name).starts_with("aws-waf-logs-")
    };
    let odd = given.iter().filter(|arn| !named(arn)).map(|arn| {
        format!(
            "{arn:?} is not a valid place for WAF's logs; expected the ARN of a log group, bucket or delivery stream whose \
             name begins with aws-waf-logs-"
        )
    });
    all(many.into_iter().chain(odd))
}

fn check(attrs: &Attrs) -> Faults {
    let mut wrong = Vec::new();
    for row in MEMBERS.iter() {
        if let Some(value) = attrs.get(row.name) {
            checks::choices(row, value, "", &mut |message| wrong.push((row.name, message)));
        }
    }
    wrong
}

fn scope(web_acl: &str) -> &'static str {
    if web_acl.contains(":global/") { CLOUDFRONT } else { REGIONAL }
}

/// The customer's configurations of these web ACLs; others are AWS's own.
async fn of(aws: &Aws, web_acls: &[String]) -> Result<Vec<Json>> {
    let mut found = Vec::new();
    for of in [REGIONAL, CLOUDFRONT] {
        if web_acls.iter().any(|arn| scope(arn) == of) {
            found.extend(pages(aws, of, "ListLoggingConfigurations", "LoggingConfigurations").await?);
        }
    }
    let own = |one: &Json| one["LogScope"].as_str().is_none_or(|scope| scope == "CUSTOMER");
    found.retain(|one| own(one) && one["ResourceArn"].as_str().is_some_and(|arn| web_acls.iter().any(|w| w == arn)));
    Ok(found)
}

async fn put(aws: &Aws, web_acl: &str, mut configuration: Json) -> Result<()> {
    configuration["ResourceArn"] = web_acl.into();
    let body = json!({ "LoggingConfiguration": configuration });
    write(aws, scope(web_acl), "PutLoggingConfiguration", body).await.map(drop)
}

impl Members<Json> for AwsWafv2WebAclLoggingConfiguration {
    fn members() -> &'static [Attribute] {
        &MEMBERS
    }
    fn json(configuration: &Json) -> &Json {
        configuration
    }
}

impl Resource for AwsWafv2WebAclLoggingConfiguration {
    type Live = Json;

    fn spec() -> Spec<Json> {
        let arn = A::string("resource_arn").required().force_new().read(|c: &Json| c["ResourceArn"].as_str().into());
        let id = |c: &Json| c["ResourceArn"].as_str().map(Into::into);
        let rows = wire::columns::<Json, Self>().chain([arn]).collect();
        Spec::new("aws_wafv2_web_acl_logging_configuration", id, rows)
            .role(Role::NotServing("only says where requests are reported to"))
            .unique(&[&["resource_arn"]])
            .recover(Recover::Key)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        match which {
            Which::Ids(ids) => of(aws, ids).await,
            Which::NaturalKey(want) => of(aws, &want.string("resource_arn").into_iter().collect::<Vec<_>>()).await,
            Which::Token(_) => Ok(Vec::new()),
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let web_acl = want.string("resource_arn").unwrap_or_default();
        put(aws, &web_acl, wire::to_json(&MEMBERS, &want.to_value())).await?;
        Ok(web_acl)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let names: Vec<&str> = MEMBERS.iter().map(|row| row.name).collect();
        if !change.take_any(&names) {
            return Ok(());
        }
        let now = of(aws, &[id.to_owned()]).await?.into_iter().next().unwrap_or_else(|| json!({}));
        let mut now = now.as_object().cloned().unwrap_or_default();
        for row in MEMBERS.iter() {
            now.remove(&wire::name(row));
        }
        now.retain(|member, value| member != "ManagedByFirewallManager" && !value.is_null());
        if let Json::Object(wanted) = wire::to_json(&MEMBERS, &change.after.to_value()) {
            now.extend(wanted);
        }
        put(aws, id, Json::Object(now)).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(write(aws, scope(id), "DeleteLoggingConfiguration", json!({"ResourceArn": id})).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_has_a_name_for_waf() {
        let said = |arn: &str| destinations(&Value::string_set([arn])).is_ok();
        assert!(said("arn:aws:logs:eu-west-1:1:log-group:aws-waf-logs-web:*"));
        assert!(said("arn:aws:s3:::aws-waf-logs-web"));
        assert!(said("arn:aws:firehose:eu-west-1:1:deliverystream/aws-waf-logs-web"));
        assert!(!said("arn:aws:logs:eu-west-1:1:log-group:web"));
        let (a, b) = ("arn:aws:logs:eu-west-1:1:log-group:x".into(), "arn:aws:logs:eu-west-1:1:log-group:x:*".into());
        assert!(same_destination(&a, &b));
    }
}
