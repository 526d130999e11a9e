//! data aws_iam_instance_profile: a profile by its name, with the role in it.

use crate::resources::block::TimestampCell;
use crate::resources::identity::instance_profile::listed;
use crate::resources::lookup::{one, read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use aws_sdk_iam::types::{InstanceProfile, Role as IamRole};

/// The data source `aws_iam_instance_profile`.
pub struct InstanceProfileData;

table! {
    Rows: InstanceProfile {
        name = instance_profile_name: Text, read [.required()];
        arn: Text, read [.computed()];
        create_date: TimestampCell, read [.computed()];
        id = instance_profile_id: Text, read [.computed()];
        path: Text, read [.computed()];
        role_arn: Text, none [.computed().read(|p| p.held().roles().first().map(IamRole::arn).into())];
        role_id: Text, none [.computed().read(|p| p.held().roles().first().map(IamRole::role_id).into())];
        role_name: Text, none [.computed().read(|p| p.held().roles().first().map(IamRole::role_name).into())];
    }
}

impl DataSource for InstanceProfileData {
    fn schema() -> Schema {
        schema("aws_iam_instance_profile", unread(Rows::rows::<InstanceProfile>()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let found = one(listed(aws, config.string("name").as_slice()).await?, "instance profile")?;
        Ok(read(config, Rows::rows(), &found))
    }
}
