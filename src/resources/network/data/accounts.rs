//! data aws_billing_service_account and aws_cloudtrail_service_account: the accounts by which AWS itself writes reports and
//! logs into buckets, as its documentation lists them.

use crate::resources::lookup::{Row, answer, here, schema};
use crate::resources::prelude::*;

/// The data source `aws_billing_service_account`.
pub struct BillingAccount;
/// The data source `aws_cloudtrail_service_account`.
pub struct CloudtrailAccount;

/// The account that writes billing reports.
const BILLING: &str = "386209384616";
/// The account of CloudTrail in each region that has one. Newer regions have none: policies name the service there.
const CLOUDTRAIL: [(&str, &str); 32] = [
    ("af-south-1", "525921808201"),
    ("ap-east-1", "119688915426"),
    ("ap-northeast-1", "216624486486"),
    ("ap-northeast-2", "492519147666"),
    ("ap-northeast-3", "765225791966"),
    ("ap-south-1", "977081816279"),
    ("ap-south-2", "582488909970"),
    ("ap-southeast-1", "903692715234"),
    ("ap-southeast-2", "284668455005"),
    ("ap-southeast-3", "069019280451"),
    ("ap-southeast-4", "187074758985"),
    ("ca-central-1", "819402241893"),
    ("cn-north-1", "193415116832"),
    ("cn-northwest-1", "681348832753"),
    ("eu-central-1", "035351147821"),
    ("eu-central-2", "453052556044"),
    ("eu-north-1", "829690693026"),
    ("eu-south-1", "669305197877"),
    ("eu-south-2", "757211635381"),
    ("eu-west-1", "859597730677"),
    ("eu-west-2", "282025262664"),
    ("eu-west-3", "262312530599"),
    ("il-central-1", "683224464357"),
    ("me-central-1", "585772288577"),
    ("me-south-1", "034638983726"),
    ("sa-east-1", "814480443879"),
    ("us-east-1", "086441151436"),
    ("us-east-2", "475085895292"),
    ("us-gov-east-1", "608710470296"),
    ("us-gov-west-1", "608710470296"),
    ("us-west-1", "388731089494"),
    ("us-west-2", "113285607260"),
];

/// Its root user, whom policies name.
fn arn(aws: &Aws, account: &str) -> String {
    format!("arn:{}:iam::{account}:root", aws.partition)
}

impl DataSource for BillingAccount {
    fn schema() -> Schema {
        schema("aws_billing_service_account", rows([answer::<Text>("arn"), answer::<Text>("id")]))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        Ok(config.clone().with("arn", arn(aws, BILLING)).with("id", BILLING))
    }
}

impl DataSource for CloudtrailAccount {
    fn schema() -> Schema {
        let own = [answer::<Text>("arn"), answer::<Text>("id"), Row::string("region").optional_computed()];
        schema("aws_cloudtrail_service_account", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let region = &*here(aws, config).region;
        let found = CLOUDTRAIL.iter().find(|(name, _)| *name == region).map(|(_, account)| *account);
        let account = found.ok_or_else(|| {
            let cure = "name the service cloudtrail.amazonaws.com in the policy";
            Error::not_found(format!("CloudTrail has no account in {region}; {cure}"))
        })?;
        Ok(config.clone().with("arn", arn(aws, account)).with("id", account).with("region", region))
    }
}
