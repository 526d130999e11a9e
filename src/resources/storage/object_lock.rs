//! aws_s3_bucket_object_lock_configuration: how long new objects of a bucket cannot be deleted. A bucket that locks does
//! so for good: taking this away only ends the rule for new objects.

use super::configuration::{self, Configuration, Configured, Place, at, there};
use crate::resources::prelude::*;
use aws_sdk_s3::types::{DefaultRetention, ObjectLockConfiguration, ObjectLockEnabled, ObjectLockRule};

/// The object lock of a bucket.
pub struct ObjectLock;

block! {
    /// How long an object is kept.
    Retention: DefaultRetention => DefaultRetention {
        days: Count;
        mode: EnumCell [.check(|v| checks::one_of(v, &["COMPLIANCE", "GOVERNANCE"]))];
        years: Count;
    }
    /// The rule for new objects.
    Rule: ObjectLockRule => ObjectLockRule {
        default_retention: OptionalBlock<Retention> [.count(1, Some(1))];
    }
    /// All of it.
    All: ObjectLockConfiguration => ObjectLockConfiguration {
        object_lock_enabled: EnumCell [.default("Enabled").force_new().check(|v| checks::one_of(v, &["Enabled"]))];
        rule: OptionalBlock<Rule>;
    }
}

impl Configuration for ObjectLock {
    type Found = ObjectLockConfiguration;
    const TYPE: &'static str = "aws_s3_bucket_object_lock_configuration";
    const SILENT: &'static [&'static str] = &["token"];

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let own = [configuration::owner(), A::string("token").sensitive()];
        own.into_iter().chain(All::columns()).collect()
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let answer = at!(place, aws.read.s3.get_object_lock_configuration()).send().await?;
        let locks = |c: &ObjectLockConfiguration| c.object_lock_enabled() == Some(&ObjectLockEnabled::Enabled);
        there(answer.object_lock_configuration.filter(locks), place, "object lock")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let call = at!(place, aws.write.s3.put_object_lock_configuration()).set_token(text(want, "token"));
        done(call.object_lock_configuration(All::write(want)).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        let bare = ObjectLockConfiguration::builder().object_lock_enabled(ObjectLockEnabled::Enabled).build();
        let call = at!(place, aws.write.s3.put_object_lock_configuration());
        settle::unless_gone(call.object_lock_configuration(bare).send().await)
    }
}
