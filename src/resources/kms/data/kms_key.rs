//! data aws_kms_key: one key, by id, ARN or alias.

use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, Many, document};
use crate::resources::kms::kms_key::described;
use crate::resources::lookup::{here, read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use serde_json::Value as Json;

/// The data source `aws_kms_key`.
pub struct KmsKeyData;

document! {
    /// A key of the same material in one region.
    Place {
        arn = "Arn": Text [.computed()];
        region = "Region": Text [.computed()];
    }
}

document! {
    /// The regions in which there is the same material.
    Places {
        multi_region_key_type = "MultiRegionKeyType": Text, read [.computed()];
        primary_key = "PrimaryKey": Many<Place>, read [.computed()];
        replica_keys = "ReplicaKeys": Many<Place>, read [.computed()];
    }
}

document! {
    /// A key outside of AWS.
    External {
        id = "Id": Text, read [.computed()];
    }
}

document! {
    Rows {
        arn = "Arn": Text, read [.computed()];
        aws_account_id = "AWSAccountId": Text, read [.computed()];
        cloud_hsm_cluster_id = "CloudHsmClusterId": Text, read [.computed()];
        creation_date = "CreationDate": TimestampCell, read [.computed()];
        custom_key_store_id = "CustomKeyStoreId": Text, read [.computed()];
        customer_master_key_spec = "KeySpec": Text, read [.computed()];
        deletion_date = "DeletionDate": TimestampCell, read [.computed()];
        description = "Description": Text, read [.computed()];
        enabled = "Enabled": Flag, read [.computed()];
        expiration_model = "ExpirationModel": Text, read [.computed()];
        id = "KeyId": Text, read [.computed()];
        key_manager = "KeyManager": Text, read [.computed()];
        key_spec = "KeySpec": Text, read [.computed()];
        key_state = "KeyState": Text, read [.computed()];
        key_usage = "KeyUsage": Text, read [.computed()];
        multi_region = "MultiRegion": Flag, read [.computed()];
        multi_region_configuration = "MultiRegionConfiguration": Many<Places>, read [.computed()];
        origin = "Origin": Text, read [.computed()];
        pending_deletion_window_in_days = "PendingDeletionWindowInDays": Int, read [.computed()];
        valid_to = "ValidTo": TimestampCell, read [.computed()];
        xks_key_configuration = "XksKeyConfiguration": Many<External>, read [.computed()];
    }
}

impl DataSource for KmsKeyData {
    fn schema() -> Schema {
        let given = [
            Row::string("key_id").required(),
            Row::string_list("grant_tokens"),
            Row::string("region").optional_computed(),
        ];
        schema("aws_kms_key", [rows(given), unread(Rows::rows::<Json>())].concat())
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let key = described(&aws, config.str("key_id").unwrap_or_default(), config.strings("grant_tokens")).await?;
        Ok(read(config, Rows::rows(), &key).with("region", &*aws.region))
    }
}
