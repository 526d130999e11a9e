//! Parts of Shield's protections, health checks and the answer to floods of requests, and of its response team: who may
//! look, and who is called.

use super::shield::at;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_shield::types::{
    ApplicationLayerAutomaticResponseStatus, BlockAction, CountAction, EmergencyContact, ProactiveEngagementStatus,
    Protection, ResponseAction,
};

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

async fn protections(aws: &Aws) -> Result<Vec<Protection>> {
    all_of(at(aws).read.shield.list_protections().into_paginator().items().send()).await
}

fn action(protection: &Protection) -> Option<&'static str> {
    let config = protection.application_layer_automatic_response_configuration()?;
    if *config.status() == ApplicationLayerAutomaticResponseStatus::Disabled {
        return None;
    }
    Some(if config.action()?.block().is_some() { "BLOCK" } else { "COUNT" })
}

fn response(want: &Attrs) -> ResponseAction {
    match want.str("action") {
        Some("BLOCK") => ResponseAction::builder().block(BlockAction::builder().build()).build(),
        _ => ResponseAction::builder().count(CountAction::builder().build()).build(),
    }
}

impl Resource for AwsShieldApplicationLayerAutomaticResponse {
    type Live = Protection;

    fn spec() -> Spec<Protection> {
        let all = vec![
            A::string("action").required().check(|v| checks::one_of(v, &["BLOCK", "COUNT"])).read(|p| action(p).into()),
            A::string("resource_arn").required().force_new().read(|p: &Protection| p.resource_arn().into()),
        ];
        Spec::new("aws_shield_application_layer_automatic_response", |p: &Protection| p.resource_arn.clone(), all)
            .role(Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("response to floods") }))
            .unique(&[&["resource_arn"]])
            .global()
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Protection>> {
        let asked = which.by("resource_arn");
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut all = protections(aws).await?;
        all.retain(|p| action(p).is_some() && p.resource_arn().is_some_and(|arn| asked.iter().any(|a| a == arn)));
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = at(aws).write.shield.enable_application_layer_automatic_response();
        call.set_resource_arn(want.string("resource_arn")).action(response(want)).send().await?;
        made(want.str("resource_arn"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("action").is_none() {
            return Ok(());
        }
        let call = at(aws).write.shield.update_application_layer_automatic_response().resource_arn(id);
        done(call.action(response(change.after)).send().await)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(at(aws).write.shield.disable_application_layer_automatic_response().resource_arn(id).send().await)
    }
}

/// Who may look at the account, and a thing that they may look at.
pub struct Access {
    account: String,
    role: String,
    bucket: String,
}

async fn access(aws: &Aws) -> Result<Option<(String, Vec<String>)>> {
    match at(aws).read.shield.describe_drt_access().send().await.map_err(Error::from) {
        Ok(answer) => Ok(answer.role_arn.map(|role| (role, answer.log_bucket_list.unwrap_or_default()))),
        Err(e) if e.is_not_found() => Ok(None),
        Err(e) => Err(e),
    }
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
        let call = at(aws).write.shield.associate_drt_role().set_role_arn(want.string("role_arn"));
        settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
        Ok(aws.account.to_string())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(role) = change.take("role_arn").and_then(Value::as_str) else { return Ok(()) };
        done(at(aws).write.shield.associate_drt_role().role_arn(role).send().await)
    }

    async fn delete(aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        if access(aws).await?.is_none() {
            return Ok(());
        }
        unless_gone(at(aws).write.shield.disassociate_drt_role().send().await)
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
        at(aws).write.shield.associate_drt_log_bucket().set_log_bucket(want.string("log_bucket")).send().await?;
        made(want.str("log_bucket"))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        if !access(aws).await?.is_some_and(|(_, buckets)| buckets.iter().any(|bucket| bucket == id)) {
            return Ok(());
        }
        unless_gone(at(aws).write.shield.disassociate_drt_log_bucket().log_bucket(id).send().await)
    }
}

block! {
    /// Somebody whom the response team calls.
    Contact: EmergencyContact => EmergencyContact, ok {
        contact_notes: Text;
        email_address: Text [.required()];
        phone_number: Text;
    }
}

/// Whether the response team calls by itself, and whom.
pub struct Engagement {
    account: String,
    enabled: bool,
    contacts: Vec<EmergencyContact>,
}

fn contacts(want: &Attrs) -> Vec<EmergencyContact> {
    want.blocks("emergency_contact").iter().filter_map(Contact::write).collect()
}

async fn engage(aws: &Aws, on: bool) -> Result<()> {
    match on {
        true => done(at(aws).write.shield.enable_proactive_engagement().send().await),
        false => done(at(aws).write.shield.disable_proactive_engagement().send().await),
    }
}

impl Resource for AwsShieldProactiveEngagement {
    type Live = Engagement;

    fn spec() -> Spec<Engagement> {
        let all = vec![
            A::bool("enabled").required().read(|e: &Engagement| e.enabled.into()),
            BlockList::<Contact>::column("emergency_contact").read(|e| BlockList::<Contact>::get(&e.contacts[..])),
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
        let shield = &at(aws).read.shield;
        let subscription = match shield.describe_subscription().send().await.map_err(Error::from) {
            Err(e) if e.is_not_found() => None,
            answer => answer?.subscription,
        };
        let contacts = shield.describe_emergency_contact_settings().send().await.map_err(Error::from);
        let contacts = match contacts {
            Err(e) if e.is_not_found() => Vec::new(),
            answer => answer?.emergency_contact_list.unwrap_or_default(),
        };
        let status = subscription.and_then(|subscription| subscription.proactive_engagement_status);
        let enabled = matches!(status, Some(ProactiveEngagementStatus::Enabled | ProactiveEngagementStatus::Pending));
        let there = enabled || !contacts.is_empty();
        Ok(there.then_some(Engagement { account, enabled, contacts }).into_iter().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = at(aws).write.shield.associate_proactive_engagement_details();
        call.set_emergency_contact_list(Some(contacts(want))).send().await?;
        Ok(aws.account.to_string())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("emergency_contact").is_some() {
            let call = at(aws).write.shield.update_emergency_contact_settings();
            call.set_emergency_contact_list(Some(contacts(change.after))).send().await?;
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
        let call = at(aws).write.shield.update_emergency_contact_settings();
        unless_gone(call.set_emergency_contact_list(Some(Vec::new())).send().await)
    }
}

/// A protection, and a check that says whether what it protects is well.
static KEY: Composite = Composite::new(&["shield_protection_id", "health_check_arn"], "+");

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
            let mut of = all.iter().filter(|p| p.id() == pair.str("shield_protection_id"));
            of.any(|p| p.health_check_ids().iter().any(|id| id == check))
        };
        Ok(asked.into_iter().filter(there).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = at(aws).write.shield.associate_health_check();
        let call = call.set_protection_id(want.string("shield_protection_id"));
        call.set_health_check_arn(want.string("health_check_arn")).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = at(aws).write.shield.disassociate_health_check();
        let call = call.set_protection_id(last.string("shield_protection_id"));
        unless_gone(call.set_health_check_arn(last.string("health_check_arn")).send().await)
    }
}
