//! data aws_lb_hosted_zone_id and aws_elb_hosted_zone_id: the zone of Route 53 that the names of a region's balancers
//! are in. An alias record needs it.

use crate::resources::lookup::schema;
use crate::resources::prelude::*;

/// data aws_lb_hosted_zone_id.
pub struct LbHostedZoneId;
/// data aws_elb_hosted_zone_id.
pub struct ElbHostedZoneId;

/// Region, zone of application and classic balancers, zone of network balancers: "Elastic Load Balancing endpoints and
/// quotas" of the AWS General Reference.
const ZONES: &[(&str, &str, &str)] = &[
    ("af-south-1", "Z268VQBMOI5EKX", "Z203XCE67M25HM"),
    ("ap-east-1", "Z3DQVH9N71FHZ0", "Z12Y7K3UBGUAD1"),
    ("ap-northeast-1", "Z14GRHDCWA56QT", "Z31USIVHYNEOWT"),
    ("ap-northeast-2", "ZWKZPGTI48KDX", "ZIBE1TIR4HY56"),
    ("ap-northeast-3", "Z5LXEXXYW11ES", "Z1GWIQ4HH19I5X"),
    ("ap-south-1", "ZP97RAFLXTNZK", "ZVDDRBQ08TROA"),
    ("ap-southeast-1", "Z1LMS91P8CMLE5", "ZKVM4W9LS7TM"),
    ("ap-southeast-2", "Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD"),
    ("ca-central-1", "ZQSVJUPU6J1EY", "Z2EPGBW3API2WT"),
    ("cn-north-1", "Z1GDH35T77C1KE", "Z3QFB96KMJ7ED6"),
    ("cn-northwest-1", "ZM7IZAIOVVDZF", "ZQEIKTCZ8352D"),
    ("eu-central-1", "Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90"),
    ("eu-north-1", "Z23TAZ6LKFMNIO", "Z1UDT6IFJ4EJM"),
    ("eu-south-1", "Z3ULH7SSC9OV64", "Z23146JA1KNAFP"),
    ("eu-west-1", "Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F"),
    ("eu-west-2", "ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G"),
    ("eu-west-3", "Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5"),
    ("me-south-1", "ZS929ML54UICD", "Z3QSRYVP46NYYV"),
    ("sa-east-1", "Z2P70J7HTTTPLU", "ZTK26PT1VY4CU"),
    ("us-east-1", "Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI"),
    ("us-east-2", "Z3AADJGX6KTTL2", "ZLMOA37VPKANP"),
    ("us-gov-east-1", "Z166TLBEWOO7G0", "Z1ZSMQQ6Q24QQ8"),
    ("us-gov-west-1", "Z33AYJ8TM3BH4J", "ZMG1MZ2THAWF1"),
    ("us-west-1", "Z368ELLRRE2KJ0", "Z24FKFUX50B4VW"),
    ("us-west-2", "Z1H1FL5HABSF5", "Z18D5FSROUN65G"),
];

fn zone(aws: &Aws, config: &Attrs) -> Result<Attrs> {
    let region = config.str("region").unwrap_or(&aws.region);
    let network = config.str("load_balancer_type") == Some("network");
    let (_, application, other) = ZONES.iter().find(|(name, ..)| *name == region).ok_or_else(|| {
        Error::not_found(format!(
            "the hosted zone of {region} is not in Floorplan's table; take zone_id of a balancer there instead"
        ))
    })?;
    let id = if network { *other } else { *application };
    Ok(config.clone().with("id", id).with("region", region))
}

fn answers() -> [Row; 2] {
    [Row::string("id").computed(), Row::string("region").optional_computed()]
}

impl DataSource for LbHostedZoneId {
    fn schema() -> Schema {
        let kind = Row::string("load_balancer_type")
            .default("application")
            .check(|v| checks::one_of(v, &["application", "network"]));
        schema("aws_lb_hosted_zone_id", rows(answers().into_iter().chain([kind])))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        zone(aws, config)
    }
}

impl DataSource for ElbHostedZoneId {
    fn schema() -> Schema {
        schema("aws_elb_hosted_zone_id", rows(answers()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        zone(aws, config)
    }
}
