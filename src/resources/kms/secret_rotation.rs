//! aws_secretsmanager_secret_rotation: how often a secret is replaced, and by which function.

use crate::aws::api::services::SECRETS;
use crate::aws::api::{member, member_text};
use crate::resources::document::{Document, Many, One, document};
use crate::resources::kms::secret::{described, is_deleted, token};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_secretsmanager_secret_rotation`.
pub struct AwsSecretsmanagerSecretRotation;

/// A secret by its ARN or name, as it was asked for.
pub struct Live {
    of: String,
    secret: Json,
}

impl Holds<Json> for Live {
    fn held(&self) -> &Json {
        &self.secret
    }
}

document! {
    /// A name and value for a service outside of AWS.
    Metadata {
        key = "Key": Text [.required()];
        value = "Value": Text [.required()];
    }
}

document! {
    /// When a secret is replaced.
    Rules {
        automatically_after_days = "AutomaticallyAfterDays": Count;
        duration = "Duration": Text;
        schedule_expression = "ScheduleExpression": Text;
    }
}

document! {
    Rows {
        external_secret_rotation_metadata = "ExternalSecretRotationMetadata": Many<Metadata>;
        external_secret_rotation_role_arn = "ExternalSecretRotationRoleArn": Text;
        rotate_immediately = "RotateImmediately": Flag, create [.default(true)];
        rotation_enabled = "RotationEnabled": Flag, read [.optional_computed()];
        rotation_lambda_arn = "RotationLambdaARN": Text;
        rotation_rules = "RotationRules": One<Rules>;
    }
}

async fn put(aws: &Aws, id: &str, want: &Attrs) -> Result<()> {
    let mut input = Rows::create(want);
    input["SecretId"] = id.into();
    input["ClientRequestToken"] = token().into();
    settle::once_known(|| aws.write.api.call(&SECRETS, "RotateSecret", input.clone())).await.map(drop)
}

impl Resource for AwsSecretsmanagerSecretRotation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let secret = A::string("secret_id").required().force_new().read(|l: &Live| l.of.as_str().into());
        let all = Rows::rows().into_iter().chain([secret]).collect();
        Spec::new("aws_secretsmanager_secret_rotation", |l: &Live| Some(l.of.clone()), all)
            .role(Role::NotServing("it says when a secret is replaced"))
            .unique(&[&["secret_id"]])
            .recover(Recover::Key)
    }

    /// A secret that nobody replaces has no rotation.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        each(which.by("secret_id"), |of| async move {
            let secret = described(aws, &of).await?;
            let rotates = member(&secret, "RotationEnabled").and_then(Json::as_bool) == Some(true);
            if !rotates || is_deleted(&secret) {
                return Err(Error::not_found(format!("{of} is not rotated")));
            }
            Ok(Live { of, secret })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = want.str("secret_id").unwrap_or_default();
        put(aws, id, want).await?;
        Ok(id.to_owned())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put(aws, id, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let function = async || Ok::<_, Error>(member_text(&described(aws, id).await?, "RotationLambdaARN"));
        match aws.write.api.call(&SECRETS, "CancelRotateSecret", json!({"SecretId": id})).await {
            // The service that owns the secret rotates it, and goes on to.
            Err(e) if e.is("InvalidRequestException") && function().await?.is_none() => Ok(()),
            answer => unless_gone(answer),
        }
    }
}
