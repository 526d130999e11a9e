//! The Backup family: vaults, what may be done with them, plans, and what a plan is for.

pub(super) mod allowed;
mod plan;
mod plan_data;
mod selection;
mod vault;
mod vault_parts;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use super::plain::Tags;
use crate::schema::Role;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<plan::AwsBackupPlan>(all);
    add::<selection::AwsBackupSelection>(all);
    add::<vault::AwsBackupVault>(all);
    add::<vault_parts::AwsBackupVaultLockConfiguration>(all);
    add::<vault_parts::AwsBackupVaultNotifications>(all);
    add::<vault_parts::AwsBackupVaultPolicy>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<plan_data::AwsBackupPlan>(all);
    add_data::<plan_data::AwsBackupVault>(all);
}

const ROLE: Role = Role::NotServing("it keeps copies, and takes no traffic");

/// The tags of vaults and plans.
const fn tags(arn: &'static str, create: &'static str) -> Tags {
    Tags {
        list: "ListTags GET /tags/{ResourceArn}/",
        set: "TagResource POST /tags/{ResourceArn}",
        unset: "UntagResource POST /untag/{ResourceArn}",
        by: ("ResourceArn", arn),
        members: ("Tags", "TagKeyList"),
        create,
        pairs: None,
    }
}
