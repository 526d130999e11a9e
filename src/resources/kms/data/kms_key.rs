//! data aws_kms_key: one key, by id, ARN or alias.

use crate::resources::kms::kms_key::described;
use crate::resources::lookup::{here, read, schema, time};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use aws_sdk_kms::types::{KeyMetadata, MultiRegionConfiguration, MultiRegionKey, XksKeyConfigurationType};

/// The data source `aws_kms_key`.
pub struct KmsKeyData;

block! {
    /// A key of the same material in one region.
    Place: MultiRegionKey => MultiRegionKey {
        arn: Text [.computed()];
        region: Text [.computed()];
    }

    /// The regions in which there is the same material.
    Places: MultiRegionConfiguration => MultiRegionKey {
        multi_region_key_type: EnumCell, read [.computed()];
        primary_key: BlockList<Place>, read [.computed()];
        replica_keys: BlockList<Place>, read [.computed()];
    }

    /// A key outside of AWS.
    External: XksKeyConfigurationType => MultiRegionKey {
        id: Text, read [.computed()];
    }
}

table! {
    Rows: KeyMetadata {
        arn: Text, read [.computed()];
        aws_account_id: Text, read [.computed()];
        cloud_hsm_cluster_id: Text, read [.computed()];
        creation_date: Text, none [.computed().read(|k| time(k.held().creation_date()))];
        custom_key_store_id: Text, read [.computed()];
        customer_master_key_spec = key_spec: EnumCell, read [.computed()];
        deletion_date: Text, none [.computed().read(|k| time(k.held().deletion_date()))];
        description: Text, read [.computed()];
        enabled: Flag, read [.computed()];
        expiration_model: EnumCell, read [.computed()];
        id = key_id: Text, read [.computed()];
        key_manager: EnumCell, read [.computed()];
        key_spec: EnumCell, read [.computed()];
        key_state: EnumCell, read [.computed()];
        key_usage: EnumCell, read [.computed()];
        multi_region: Flag, read [.computed()];
        multi_region_configuration: BlockList<Places>, read [.computed()];
        origin: EnumCell, read [.computed()];
        pending_deletion_window_in_days: Int, read [.computed()];
        valid_to: Text, none [.computed().read(|k| time(k.held().valid_to()))];
        xks_key_configuration: BlockList<External>, read [.computed()];
    }
}

impl DataSource for KmsKeyData {
    fn schema() -> Schema {
        let given = [
            Row::string("key_id").required(),
            Row::string_list("grant_tokens"),
            Row::string("region").optional_computed(),
        ];
        schema("aws_kms_key", [rows(given), unread(Rows::rows::<KeyMetadata>())].concat())
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let key = described(&aws, config.str("key_id").unwrap_or_default(), config.strings("grant_tokens")).await?;
        Ok(read(config, Rows::rows(), &key).with("region", &*aws.region))
    }
}
