//! aws_config_delivery_channel: where Config puts what it has written down. A region has one, which is put as a whole.

use super::FREQUENCIES;
use crate::aws::api::Service;
use crate::aws::api::services::CONFIG;
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Snapshots {
        delivery_frequency = "deliveryFrequency": Text [.check(|v| checks::one_of(v, &FREQUENCIES))];
    }
}
document! {
    /// The resource type `aws_config_delivery_channel`.
    pub AwsConfigDeliveryChannel {
        name = "name": Text, read, create, modify [.default("default").force_new()];
        s3_bucket_name = "s3BucketName": Text, read, create, modify [.required()];
        s3_key_prefix = "s3KeyPrefix": Text, read, create, modify;
        s3_kms_key_arn = "s3KmsKeyArn": Text, read, create, modify;
        snapshot_delivery_properties = "configSnapshotDeliveryProperties": One<Snapshots>, read, create, modify;
        sns_topic_arn = "snsTopicARN": Text, read, create, modify;
    }
}

impl Plain for AwsConfigDeliveryChannel {
    const SERVICE: &'static Service = &CONFIG;
    const CREATE: &'static str = "PutDeliveryChannel";
    const READ: (&'static str, &'static str) = ("DescribeDeliveryChannels", "DeliveryChannels");
    const DELETE: &'static str = "DeleteDeliveryChannel";

    fn specification() -> Spec<Object> {
        Spec::new("aws_config_delivery_channel", |c: &Object| Some(c.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it writes down what is there"))
            .unique(&[&["name"]])
            .recover(Recover::Key)
            .implicit_after(&["aws_config_configuration_recorder"])
    }

    fn key(id: &str) -> Json {
        json!({"DeliveryChannelName": id})
    }

    fn asked(_aws: &Aws, id: &str) -> Json {
        json!({"DeliveryChannelNames": [id]})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("name")
    }

    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        json!({"DeliveryChannel": <Self as Document>::create(want)})
    }

    async fn further(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if <Self as Document>::whole(change).is_some() {
            let all = json!({"DeliveryChannel": <Self as Document>::create(change.after)});
            aws.write.api.call(&CONFIG, Self::CREATE, all).await?;
        }
        Ok(())
    }
}
