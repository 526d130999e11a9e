//! The policies of users and groups: written into them, and attached to them.

use super::{PAGES, decoded, name};
use crate::aws::api::member_text;
use crate::aws::api::services::IAM;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};
use std::marker::PhantomData;

/// Who has policies.
pub trait Holder: Send + Sync + 'static {
    /// The argument that names it.
    const NAME: &'static str;
    /// The type of an attachment, with the form of its ids.
    const ATTACHMENT: (&'static str, &'static Composite);

    /// The member that names it in calls.
    const MEMBER: &'static str;
    /// The calls that list, attach and detach its policies.
    const CALLS: [&'static str; 3];

    /// The ARNs of the policies attached to it.
    fn attached(aws: &Aws, holder: &str) -> impl Future<Output = Result<Vec<String>>> + Send {
        async move {
            let (of, path) = (json!({(Self::MEMBER): holder}), "AttachedPolicies.member");
            let all = aws.read.api.list(&IAM, Self::CALLS[0], of, PAGES, path).await?;
            Ok(all.iter().filter_map(|policy| member_text(policy, "PolicyArn")).collect())
        }
    }

    /// Attaches a policy.
    fn attach(aws: &Aws, holder: &str, arn: &str) -> impl Future<Output = Result<()>> + Send {
        let input = json!({(Self::MEMBER): holder, "PolicyArn": arn});
        async move { done(aws.write.api.call(&IAM, Self::CALLS[1], input).await) }
    }

    /// Detaches a policy.
    fn detach(aws: &Aws, holder: &str, arn: &str) -> impl Future<Output = Result<()>> + Send {
        let input = json!({(Self::MEMBER): holder, "PolicyArn": arn});
        async move { unless_gone(aws.write.api.call(&IAM, Self::CALLS[2], input).await) }
    }
}

/// A user.
pub struct OfUser;
/// A group.
pub struct OfGroup;

static OF_USER: Composite = Composite::new(&["user", "policy_arn"], "/");
static OF_GROUP: Composite = Composite::new(&["group", "policy_arn"], "/");

impl Holder for OfUser {
    const NAME: &'static str = "user";
    const ATTACHMENT: (&'static str, &'static Composite) = ("aws_iam_user_policy_attachment", &OF_USER);
    const MEMBER: &'static str = "UserName";
    const CALLS: [&'static str; 3] = ["ListAttachedUserPolicies", "AttachUserPolicy", "DetachUserPolicy"];
}

impl Holder for OfGroup {
    const NAME: &'static str = "group";
    const ATTACHMENT: (&'static str, &'static Composite) = ("aws_iam_group_policy_attachment", &OF_GROUP);
    const MEMBER: &'static str = "GroupName";
    const CALLS: [&'static str; 3] = ["ListAttachedGroupPolicies", "AttachGroupPolicy", "DetachGroupPolicy"];
}

impl OfUser {
    /// The names of the policies written into a user.
    pub async fn inline_names(aws: &Aws, user: &str) -> Result<Vec<String>> {
        let (of, path) = (json!({"UserName": user}), "PolicyNames.member");
        let all = aws.read.api.list(&IAM, "ListUserPolicies", of, PAGES, path).await?;
        Ok(all.iter().filter_map(Json::as_str).map(str::to_owned).collect())
    }

    /// Takes a policy out of a user.
    pub async fn remove(aws: &Aws, user: &str, name: &str) -> Result<()> {
        unless_gone(aws.write.api.call(&IAM, "DeleteUserPolicy", json!({"UserName": user, "PolicyName": name})).await)
    }

    async fn put(aws: &Aws, user: &str, name: &str, policy: &str) -> Result<()> {
        let input = json!({"UserName": user, "PolicyName": name, "PolicyDocument": policy});
        done(aws.write.api.call(&IAM, "PutUserPolicy", input).await)
    }
}

/// A managed policy on a user or a group, as a resource type.
pub struct Attachment<H>(PhantomData<fn() -> H>);

/// Who has a policy, and which.
pub struct Attached {
    holder: String,
    arn: String,
}

impl<H: Holder> Attachment<H> {
    fn ends(attrs: &Attrs) -> (&str, &str) {
        (attrs.str(H::NAME).unwrap_or_default(), attrs.str("policy_arn").unwrap_or_default())
    }
}

impl<H: Holder> Resource for Attachment<H> {
    type Live = Attached;

    fn spec() -> Spec<Attached> {
        let (type_name, key) = H::ATTACHMENT;
        let all = vec![
            A::string(H::NAME).required().force_new().read(|a: &Attached| a.holder.as_str().into()),
            A::string("policy_arn").required().force_new().read(|a| a.arn.as_str().into()),
        ];
        Spec::composite(type_name, key, all).role(Role::NotServing("it says what somebody may do")).global()
    }

    /// Each holder is asked once, however many of its policies are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Attached>> {
        let held = each(which.parts(H::ATTACHMENT.1, H::NAME), |holder| async move {
            let arns = H::attached(aws, &holder).await?;
            Ok(arns.into_iter().map(|arn| Attached { holder: holder.clone(), arn }).collect::<Vec<_>>())
        });
        Ok(held.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (holder, arn) = Self::ends(want);
        H::attach(aws, holder, arn).await?;
        made(H::ATTACHMENT.1.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let (holder, arn) = Self::ends(last);
        H::detach(aws, holder, arn).await
    }
}

/// The resource type `aws_iam_user_policy`.
pub struct AwsIamUserPolicy;

/// A policy written into a user.
pub struct Inline {
    user: String,
    name: String,
    policy: String,
}

static KEY: Composite = Composite::new(&["user", "name"], ":");

table! {
    Rows: Inline {
        name: Text, none [.optional_computed().force_new().check(name).read(|l| l.held().name.as_str().into())];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        policy: Text, none
            [.required().normal(Normal::Policy).check(checks::policy).read(|l| l.held().policy.as_str().into())];
        user: Text, none [.required().force_new().read(|l| l.held().user.as_str().into())];
    }
}

impl Resource for AwsIamUserPolicy {
    type Live = Inline;

    fn spec() -> Spec<Inline> {
        Spec::composite("aws_iam_user_policy", &KEY, Rows::rows())
            .role(Role::NotServing("it says what somebody may do"))
            .named("name", "name_prefix")
            .global()
            .conflicts(&[&["name", "name_prefix"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Inline>> {
        let places = which.keys(&KEY).into_iter().filter_map(|key| Some((key.string("user")?, key.string("name")?)));
        each(places, |(user, name)| async move {
            let input = json!({"UserName": user, "PolicyName": name});
            let answer = aws.read.api.call(&IAM, "GetUserPolicy", input).await?;
            let policy = decoded(&member_text(&answer, "PolicyDocument").unwrap_or_default());
            Ok(Inline { user, name, policy })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = made(KEY.id(want).as_deref())?;
        if !Self::describe(aws, Which::NaturalKey(want)).await?.is_empty() {
            let message = format!("the policy {id:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        let text = |name: &str| want.str(name).unwrap_or_default();
        OfUser::put(aws, text("user"), text("name"), text("policy")).await?;
        Ok(id)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match (change.take("policy").and_then(|policy| policy.as_str()), id.split_once(':')) {
            (Some(policy), Some((user, name))) => OfUser::put(aws, user, name, policy).await,
            _ => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        match id.split_once(':') {
            Some((user, name)) => OfUser::remove(aws, user, name).await,
            None => Ok(()),
        }
    }
}
