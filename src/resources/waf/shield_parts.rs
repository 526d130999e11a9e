//! Parts of Shield's protections, health checks and the answer to floods of requests, and of its response team: who may
//! look, and who is called.

use super::shield::protections;
use super::shield_subscription;
use crate::aws::api::services::SHIELD;
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, Many, Member, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_shield_application_layer_automatic_response`.
pub struct AwsShieldApplicationLayerAutomaticResponse;
/// The resource type `aws_shield_drt_access_log_bucket_association`.
pub struct AwsShieldDrtAccessLogBucketAssociation;
/// The resource type `aws_shield_drt_access_role_arn_association`.
pub struct AwsShieldDrtAccessRoleArnAssociation;
/// The resource type `aws_shield_proactive_engagement`.
pub struct AwsShieldProactiveEngagement;
/// The resource type `aws_shield_protection_health_check_association`.
pub struct AwsShieldProtectionHealthCheckAssociation;

const TEAM: &str = "it says whom the response team may call and what it may see";

/// Calls Shield for a change.
async fn call(aws: &Aws, operation: &'static str, input: Json) -> Result<()> {
    done(aws.write.api.call(&SHIELD, operation, input).await)
}

fn action(protection: &Json) -> Option<&'static str> {
    let config = member(protection, "ApplicationLayerAutomaticResponseConfiguration")?;
    if member_text(config, "Status").as_deref() == Some("DISABLED") {
        return None;
    }
    Some(if member(member(config, "Action")?, "Block").is_some() { "BLOCK" } else { "COUNT" })
}

fn arn(protection: &Json) -> Option<String> {
    member_text(protection, "ResourceArn")
}

fn response(want: &Attrs) -> Json {
    if want.str("action") == Some("BLOCK") { json!({"Block": {}}) } else { json!({"Count": {}}) }
}

impl Resource for AwsShieldApplicationLayerAutomaticResponse {
    type Live = Json;

    fn spec() -> Spec<Json> {
        let all = vec![
            A::string("action").required().check(|v| checks::one_of(v, &["BLOCK", "COUNT"])).read(|p| action(p).into()),
            A::string("resource_arn").required().force_new().read(|p: &Json| arn(p).into()),
        ];
        Spec::new("aws_shield_application_layer_automatic_response", arn, all)
            .role(Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("response to floods") }))
            .unique(&[&["resource_arn"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let asked = which.by("resource_arn");
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut all = protections(aws).await?;
        all.retain(|p| action(p).is_some() && arn(p).is_some_and(|arn| asked.contains(&arn)));
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let input = json!({"ResourceArn": want.str("resource_arn"), "Action": response(want)});
        call(aws, "EnableApplicationLayerAutomaticResponse", input).await?;
        made(want.str("resource_arn"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("action").is_none() {
            return Ok(());
        }
        let input = json!({"ResourceArn": id, "Action": response(change.after)});
        call(aws, "UpdateApplicationLayerAutomaticResponse", input).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(call(aws, "DisableApplicationLayerAutomaticResponse", json!({"ResourceArn": id})).await)
    }
}

/// Who may look at the account, and a thing that they may look at.
pub struct Access {
    account: String,
    role: String,
    bucket: String,
}

async fn access(aws: &Aws) -> Result<Option<(String, Vec<String>)>> {
    let answer = match aws.read.api.call(&SHIELD, "DescribeDRTAccess", json!({})).await {
        Err(e) if e.is_not_found() => return Ok(None),
        answer => answer?,
    };
    let buckets = items(&answer, "LogBucketList").iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
    Ok(member_text(&answer, "RoleArn").map(|role| (role, buckets)))
}

impl Resource for AwsShieldDrtAccessRoleArnAssociation {
    type Live = Access;

    fn spec() -> Spec<Access> {
        let role = A::string("role_arn").required().read(|a: &Access| (&a.role).into());
        Spec::new("aws_shield_drt_access_role_arn_association", |a: &Access| Some(a.account.clone()), vec![role])
            .role(Role::NotServing(TEAM))
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Access>> {
        let account = aws.account.to_string();
        if matches!(which, Which::Ids(ids) if !ids.contains(&account)) {
            return Ok(Vec::new());
        }
        let found = access(aws).await?.map(|(role, _)| Access { account, role, bucket: String::new() });
        Ok(found.into_iter().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let input = json!({"RoleArn": want.str("role_arn")});
        settle::once_known(|| call(aws, "AssociateDRTRole", input.clone())).await?;
        Ok(aws.account.to_string())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(role) = change.take("role_arn").and_then(Value::as_str) else { return Ok(()) };
        call(aws, "AssociateDRTRole", json!({"RoleArn": role})).await
    }

    async fn delete(aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        if access(aws).await?.is_none() {
            return Ok(());
        }
        unless_gone(call(aws, "DisassociateDRTRole", json!({})).await)
    }
}

impl Resource for AwsShieldDrtAccessLogBucketAssociation {
    type Live = Access;

    fn spec() -> Spec<Access> {
        let all = vec![
            A::string("log_bucket").required().force_new().read(|a: &Access| (&a.bucket).into()),
            A::string("role_arn_association_id").required().force_new().read(|a| (&a.account).into()),
        ];
        Spec::new("aws_shield_drt_access_log_bucket_association", |a: &Access| Some(a.bucket.clone()), all)
            .role(Role::NotServing(TEAM))
            .unique(&[&["log_bucket"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Access>> {
        let asked = which.by("log_bucket");
        let Some((role, buckets)) = access(aws).await? else { return Ok(Vec::new()) };
        let account = aws.account.to_string();
        let live = |bucket| Access { account: account.clone(), role: role.clone(), bucket };
        Ok(buckets.into_iter().filter(|bucket| asked.contains(bucket)).map(live).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        call(aws, "AssociateDRTLogBucket", json!({"LogBucket": want.str("log_bucket")})).await?;
        made(want.str("log_bucket"))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        if !access(aws).await?.is_some_and(|(_, buckets)| buckets.iter().any(|bucket| bucket == id)) {
            return Ok(());
        }
        unless_gone(call(aws, "DisassociateDRTLogBucket", json!({"LogBucket": id})).await)
    }
}

document! {
    /// Somebody whom the response team calls.
    Contact {
        contact_notes = "ContactNotes": Text;
        email_address = "EmailAddress": Text [.required()];
        phone_number = "PhoneNumber": Text;
    }
}

/// The member that has the contacts.
const CONTACTS: &str = "EmergencyContactList";

/// Whether the response team calls by itself, and whom.
pub struct Engagement {
    account: String,
    enabled: bool,
    /// The answer of the call that gives the contacts.
    contacts: Json,
}

/// The contacts that the layout gives, as calls take them.
fn contacts(want: &Attrs) -> Json {
    json!({CONTACTS: want.blocks("emergency_contact").iter().map(Contact::create).collect::<Vec<_>>()})
}

async fn engage(aws: &Aws, on: bool) -> Result<()> {
    call(aws, if on { "EnableProactiveEngagement" } else { "DisableProactiveEngagement" }, json!({})).await
}

impl Resource for AwsShieldProactiveEngagement {
    type Live = Engagement;

    fn spec() -> Spec<Engagement> {
        let all = vec![
            A::bool("enabled").required().read(|e: &Engagement| e.enabled.into()),
            Many::<Contact>::column("emergency_contact").read(|e| Many::<Contact>::get(&e.contacts, CONTACTS)),
        ];
        Spec::new("aws_shield_proactive_engagement", |e: &Engagement| Some(e.account.clone()), all)
            .role(Role::NotServing(TEAM))
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Engagement>> {
        let account = aws.account.to_string();
        if matches!(which, Which::Ids(ids) if !ids.contains(&account)) {
            return Ok(Vec::new());
        }
        let subscription = shield_subscription::described(aws).await?;
        let contacts = match aws.read.api.call(&SHIELD, "DescribeEmergencyContactSettings", json!({})).await {
            Err(e) if e.is_not_found() => json!({}),
            answer => answer?,
        };
        let status = subscription.and_then(|subscription| member_text(&subscription, "ProactiveEngagementStatus"));
        let enabled = matches!(status.as_deref(), Some("ENABLED" | "PENDING"));
        let there = enabled || !items(&contacts, CONTACTS).is_empty();
        Ok(there.then_some(Engagement { account, enabled, contacts }).into_iter().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        call(aws, "AssociateProactiveEngagementDetails", contacts(want)).await?;
        Ok(aws.account.to_string())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("emergency_contact").is_some() {
            call(aws, "UpdateEmergencyContactSettings", contacts(change.after)).await?;
        }
        match change.take_bool("enabled") {
            Some(on) => engage(aws, on).await,
            None => Ok(()),
        }
    }

    /// The team does not call any more, and knows nobody to call.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        if Self::describe(aws, Which::Ids(&[id.to_owned()])).await?.is_empty() {
            return Ok(());
        }
        unless_gone(engage(aws, false).await)?;
        unless_gone(call(aws, "UpdateEmergencyContactSettings", json!({CONTACTS: []})).await)
    }
}

/// A protection, and a check that says whether what it protects is well.
static KEY: Composite = Composite::new(&["shield_protection_id", "health_check_arn"], "+");

/// Both as calls name them.
fn pair(of: &Attrs) -> Json {
    json!({"ProtectionId": of.str("shield_protection_id"), "HealthCheckArn": of.str("health_check_arn")})
}

impl Resource for AwsShieldProtectionHealthCheckAssociation {
    type Live = Attrs;

    fn spec() -> Spec<Attrs> {
        let part = |name| A::string(name).required().force_new();
        let all = vec![
            part("health_check_arn").read(|a: &Attrs| a.str("health_check_arn").into()),
            part("shield_protection_id").read(|a| a.str("shield_protection_id").into()),
        ];
        Spec::composite("aws_shield_protection_health_check_association", &KEY, all)
            .role(Role::NotServing("it says how Shield finds that something is not well"))
            .global()
    }

    /// One list gives all protections with their checks.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Attrs>> {
        let asked = which.keys(&KEY);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let all = protections(aws).await?;
        let there = |pair: &Attrs| {
            let check = pair.str("health_check_arn").and_then(|arn| arn.rsplit('/').next()).unwrap_or_default();
            let mut of = all.iter().filter(|p| member_text(p, "Id").as_deref() == pair.str("shield_protection_id"));
            of.any(|p| items(p, "HealthCheckIds").iter().any(|id| id == check))
        };
        Ok(asked.into_iter().filter(there).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        call(aws, "AssociateHealthCheck", pair(want)).await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        unless_gone(call(aws, "DisassociateHealthCheck", pair(last)).await)
    }
}
