//! data aws_ebs_volume: one volume that is there.

use crate::resources::block::TimestampCell;
use crate::resources::lookup::{self, Row, answer, filters, found_by, here, one, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::Volume;

/// The data source `aws_ebs_volume`.
pub struct VolumeData;

table! {
    Rows: Volume {
        availability_zone: Text, read;
        create_time: TimestampCell, read;
        encrypted: Flag, read;
        iops: Int, read;
        kms_key_id: Text, read;
        multi_attach_enabled: Flag, read;
        outpost_arn: Text, read;
        size: Int, read;
        snapshot_id: Text, read;
        throughput: Int, read;
        volume_id: Text, read;
        volume_initialization_rate: Int, read;
        volume_type: EnumCell, read;
    }
}

impl DataSource for VolumeData {
    fn schema() -> Schema {
        let own = [answer::<Text>("arn"), answer::<Text>("id"), Row::bool("most_recent")];
        schema("aws_ebs_volume", found_by(&[], lookup::computed::<Rows>().into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut all = listed!(&aws, describe_volumes, vec![filters(config, &[])]).await?;
        if config.bool("most_recent") == Some(true) {
            all.sort_by_key(|v| std::cmp::Reverse(v.create_time().map(|at| at.secs())));
            all.truncate(1);
        }
        let volume = one(all, "volume")?;
        let id = volume.volume_id().unwrap_or_default();
        Ok(lookup::with_rows::<Rows>(config, &volume)
            .with("arn", aws.ec2_arn(&format!("volume/{id}")))
            .with("id", id)
            .with("region", &*aws.region)
            .with("tags", tags::read(volume.tags())))
    }
}
