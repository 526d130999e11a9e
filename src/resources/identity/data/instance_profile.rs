//! data aws_iam_instance_profile: a profile by its name, with the role in it.

use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, document};
use crate::resources::identity::instance_profile::{listed, of_role};
use crate::resources::lookup::{one, read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use serde_json::Value as Json;

/// The data source `aws_iam_instance_profile`.
pub struct InstanceProfileData;

document! {
    Rows {
        name = "InstanceProfileName": Text, read [.required()];
        arn = "Arn": Text, read [.computed()];
        create_date = "CreateDate": TimestampCell, read [.computed()];
        id = "InstanceProfileId": Text, read [.computed()];
        path = "Path": Text, read [.computed()];
        role_arn = "": Text, none [.computed().read(|p| of_role(p.held(), "Arn"))];
        role_id = "": Text, none [.computed().read(|p| of_role(p.held(), "RoleId"))];
        role_name = "": Text, none [.computed().read(|p| of_role(p.held(), "RoleName"))];
    }
}

impl DataSource for InstanceProfileData {
    fn schema() -> Schema {
        schema("aws_iam_instance_profile", unread(Rows::rows::<Json>()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let found = one(listed(aws, config.string("name").as_slice()).await?, "instance profile")?;
        Ok(read(config, Rows::rows(), &found))
    }
}
