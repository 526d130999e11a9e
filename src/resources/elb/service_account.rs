//! data aws_elb_service_account: the account of AWS that writes access logs of load balancers. Regions
//! that are newer than the table have none: there a service writes them
//! (`logdelivery.elasticloadbalancing.amazonaws.com`).

use crate::resources::lookup::schema;
use crate::resources::prelude::*;

/// The data source `aws_elb_service_account`.
pub struct ElbServiceAccount;

/// Elastic Load Balancing, "Enable access logs for your Application Load Balancer".
const ACCOUNTS: &[(&str, &str)] = &[
    ("af-south-1", "098369216593"),
    ("ap-east-1", "754344448648"),
    ("ap-northeast-1", "582318560864"),
    ("ap-northeast-2", "600734575887"),
    ("ap-northeast-3", "383597477331"),
    ("ap-south-1", "718504428378"),
    ("ap-southeast-1", "114774131450"),
    ("ap-southeast-2", "783225319266"),
    ("ap-southeast-3", "589379963580"),
    ("ca-central-1", "985666609251"),
    ("cn-north-1", "638102146993"),
    ("cn-northwest-1", "037604701340"),
    ("eu-central-1", "054676820928"),
    ("eu-north-1", "897822967062"),
    ("eu-south-1", "635631232127"),
    ("eu-west-1", "156460612806"),
    ("eu-west-2", "652711504416"),
    ("eu-west-3", "009996457667"),
    ("me-south-1", "076674570225"),
    ("sa-east-1", "507241528517"),
    ("us-east-1", "127311923021"),
    ("us-east-2", "033677994240"),
    ("us-gov-east-1", "190560391635"),
    ("us-gov-west-1", "048591011584"),
    ("us-west-1", "027434742980"),
    ("us-west-2", "797873946194"),
];

impl DataSource for ElbServiceAccount {
    fn schema() -> Schema {
        let reported = ["arn", "id"].map(|n| Row::string(n).computed());
        schema("aws_elb_service_account", rows(reported.into_iter().chain([Row::string("region").optional_computed()])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let region = config.str("region").unwrap_or(&aws.region);
        let account = ACCOUNTS.iter().find(|(name, _)| *name == region).map(|(_, account)| *account);
        let account = account.ok_or_else(|| {
            Error::not_found(format!(
                "{region} has no account for access logs; name the service \
                 logdelivery.elasticloadbalancing.amazonaws.com in the bucket policy instead"
            ))
        })?;
        Ok(config
            .clone()
            .with("arn", format!("arn:{}:iam::{account}:root", aws.partition))
            .with("id", account)
            .with("region", region))
    }
}
