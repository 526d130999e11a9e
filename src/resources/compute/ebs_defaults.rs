//! aws_ebs_encryption_by_default: whether every new volume of a region is encrypted.

use crate::resources::prelude::*;

/// The resource type `aws_ebs_encryption_by_default`.
pub struct AwsEbsEncryptionByDefault;

/// What holds in a region.
pub struct Setting {
    region: String,
    enabled: bool,
}

async fn put(aws: &Aws, enabled: bool) -> Result<()> {
    if enabled {
        done(aws.write.ec2.enable_ebs_encryption_by_default().send().await)
    } else {
        done(aws.write.ec2.disable_ebs_encryption_by_default().send().await)
    }
}

impl Resource for AwsEbsEncryptionByDefault {
    type Live = Setting;

    fn spec() -> Spec<Setting> {
        let enabled = A::bool("enabled").default(true).read(|s: &Setting| s.enabled.into());
        Spec::new("aws_ebs_encryption_by_default", |s| Some(s.region.clone()), vec![enabled])
            .role(Role::NotServing("it bears on volumes that are yet to be made"))
            .recover(Recover::Key)
            .id_from(|attrs| attrs.string("region"))
    }

    async fn describe(aws: &Aws, _which: Which<'_>) -> Result<Vec<Setting>> {
        let enabled = aws.read.ec2.get_ebs_encryption_by_default().send().await?.ebs_encryption_by_default();
        Ok(vec![Setting { region: aws.region.to_string(), enabled: enabled.unwrap_or(false) }])
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want.bool("enabled").unwrap_or(true)).await?;
        Ok(aws.region.to_string())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take_bool("enabled") {
            Some(enabled) => put(aws, enabled).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        put(aws, false).await
    }
}
