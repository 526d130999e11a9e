//! aws_secretsmanager_secret_rotation: how often a secret is replaced, and by which function.

use crate::resources::kms::secret::described;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::operation::rotate_secret::builders::RotateSecretFluentBuilder as Rotate;
use aws_sdk_secretsmanager::types::{ExternalSecretRotationMetadataItem, RotationRulesType};

/// The resource type `aws_secretsmanager_secret_rotation`.
pub struct AwsSecretsmanagerSecretRotation;

/// A secret by its ARN or name, as it was asked for.
pub struct Live {
    of: String,
    secret: DescribeSecretOutput,
}

impl Holds<DescribeSecretOutput> for Live {
    fn held(&self) -> &DescribeSecretOutput {
        &self.secret
    }
}

block! {
    /// A name and value for a service outside of AWS.
    Metadata: ExternalSecretRotationMetadataItem => ExternalSecretRotationMetadataItem {
        key: Text [.required()];
        value: Text [.required()];
    }
    /// When a secret is replaced.
    Rules: RotationRulesType => RotationRulesType {
        automatically_after_days: Count;
        duration: Text;
        schedule_expression: Text;
    }
}

table! {
    Rows: DescribeSecretOutput, create Rotate {
        external_secret_rotation_metadata: BlockList<Metadata>;
        external_secret_rotation_role_arn: Text;
        rotate_immediately: Flag, create [.default(true)];
        rotation_enabled: Flag, read [.optional_computed()];
        rotation_lambda_arn: Text;
        rotation_rules: OptionalBlock<Rules>;
    }
}

async fn put(aws: &Aws, id: &str, want: &Attrs) -> Result<()> {
    let call = Rows::create(aws.write.secretsmanager.rotate_secret().secret_id(id), want);
    settle::once_known(|| async { Ok(call.clone().send().await?) }).await.map(drop)
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
            if secret.rotation_enabled() != Some(true) || secret.deleted_date().is_some() {
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
        let answer = aws.write.secretsmanager.cancel_rotate_secret().secret_id(id).send().await.map_err(Error::from);
        match answer {
            // The service that owns the secret rotates it, and goes on to.
            Err(e) if e.is("InvalidRequestException") && described(aws, id).await?.rotation_lambda_arn().is_none() => {
                Ok(())
            }
            answer => unless_gone(answer),
        }
    }
}
