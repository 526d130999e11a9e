//! The services that are spoken to without a crate of their own, as their API references describe them.

use super::{Form, GLOBAL, Service};

const JSON_1_0: &str = "application/x-amz-json-1.0";
const JSON_1_1: &str = "application/x-amz-json-1.1";

/// The id by which the environment and profiles name a service: `AWS_ENDPOINT_URL_ROUTE_53`.
pub fn id(service: &Service) -> &'static str {
    match service.name {
        "applicationautoscaling" => "Application Auto Scaling",
        "autoscaling" => "Auto Scaling",
        "cognitoidp" => "Cognito Identity Provider",
        "configservice" => "Config Service",
        "directconnect" => "Direct Connect",
        "elb" => "Elastic Load Balancing",
        "elbv2" => "Elastic Load Balancing v2",
        "events" => "EventBridge",
        "globalaccelerator" => "Global Accelerator",
        "logs" => "CloudWatch Logs",
        "networkfirewall" => "Network Firewall",
        "resourcegroupstaggingapi" => "Resource Groups Tagging API",
        "route53" => "Route 53",
        "s3control" => "S3 Control",
        "secretsmanager" => "Secrets Manager",
        "servicequotas" => "Service Quotas",
        "vpclattice" => "VPC Lattice",
        name => name,
    }
}

/// A service whose host, signature and argument in `endpoints` have one name.
const fn service(name: &'static str, form: Form) -> Service {
    Service { name, host: name, signing: name, form, place: None }
}

/// A service whose host and signature have another name than its argument in `endpoints`.
const fn hosted(name: &'static str, host: &'static str, form: Form) -> Service {
    Service { name, host, signing: host, form, place: None }
}

/// Certificate Manager.
pub static ACM: Service = service("acm", Form::Json(JSON_1_1, "CertificateManager"));
/// Application Auto Scaling.
pub static SCALING: Service =
    hosted("applicationautoscaling", "application-autoscaling", Form::Json(JSON_1_1, "AnyScaleFrontendService"));
/// EC2 Auto Scaling.
pub static AUTOSCALING: Service = service("autoscaling", Form::Query("2011-01-01"));
/// Backup.
pub static BACKUP: Service = service("backup", Form::Rest);
/// CloudTrail.
pub static CLOUDTRAIL: Service =
    service("cloudtrail", Form::Json(JSON_1_1, "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"));
/// CloudWatch, without its logs.
pub static CLOUDWATCH: Service =
    hosted("cloudwatch", "monitoring", Form::Json(JSON_1_0, "GraniteServiceVersion20100801"));
/// Cognito's user pools.
pub static COGNITO: Service =
    hosted("cognitoidp", "cognito-idp", Form::Json(JSON_1_1, "AWSCognitoIdentityProviderService"));
/// Config.
pub static CONFIG: Service = hosted("configservice", "config", Form::Json(JSON_1_1, "StarlingDoveService"));
/// Direct Connect.
pub static DIRECT_CONNECT: Service = service("directconnect", Form::Json(JSON_1_1, "OvertureService"));
/// DynamoDB.
pub static DYNAMODB: Service = service("dynamodb", Form::Json(JSON_1_0, "DynamoDB_20120810"));
/// EFS.
pub static EFS: Service = hosted("efs", "elasticfilesystem", Form::Rest);
/// EventBridge.
pub static EVENTS: Service = service("events", Form::Json(JSON_1_1, "AWSEvents"));
/// GuardDuty.
pub static GUARDDUTY: Service = service("guardduty", Form::Rest);
/// Global Accelerator.
pub static ACCELERATOR: Service = Service {
    place: Some("us-west-2"),
    ..service("globalaccelerator", Form::Json(JSON_1_1, "GlobalAccelerator_V20180706"))
};
/// IAM.
pub static IAM: Service = Service { place: Some(GLOBAL), ..service("iam", Form::Query("2010-05-08")) };
/// KMS.
pub static KMS: Service = service("kms", Form::Json(JSON_1_1, "TrentService"));
/// CloudWatch Logs.
pub static LOGS: Service = service("logs", Form::Json(JSON_1_1, "Logs_20140328"));
/// Lambda.
pub static LAMBDA: Service = service("lambda", Form::Rest);
/// Network Firewall.
pub static FIREWALL: Service =
    hosted("networkfirewall", "network-firewall", Form::Json(JSON_1_0, "NetworkFirewall_20201112"));
/// Network Manager, with Cloud WAN.
pub static NETWORK_MANAGER: Service = Service { place: Some("us-west-2"), ..service("networkmanager", Form::Rest) };
/// Outposts.
pub static OUTPOSTS: Service = service("outposts", Form::Rest);
/// Secrets Manager.
pub static SECRETS: Service = service("secretsmanager", Form::Json(JSON_1_1, "secretsmanager"));
/// Service Quotas.
pub static QUOTAS: Service = service("servicequotas", Form::Json(JSON_1_1, "ServiceQuotasV20190624"));
/// Resource Access Manager.
pub static RAM: Service = service("ram", Form::Rest);
/// Route 53 Resolver.
pub static RESOLVER: Service = service("route53resolver", Form::Json(JSON_1_1, "Route53Resolver"));
/// Route 53.
pub static ROUTE53: Service =
    Service { place: Some(GLOBAL), ..service("route53", Form::Xml("https://route53.amazonaws.com/doc/2013-04-01/")) };
/// Shield.
pub static SHIELD: Service =
    Service { place: Some("us-east-1"), ..service("shield", Form::Json(JSON_1_1, "AWSShield_20160616")) };
/// Classic Load Balancing.
pub static ELB: Service = hosted("elb", "elasticloadbalancing", Form::Query("2012-06-01"));
/// Elastic Load Balancing, second version.
pub static ELB_V2: Service = hosted("elbv2", "elasticloadbalancing", Form::Query("2015-12-01"));
/// ElastiCache.
pub static ELASTICACHE: Service = service("elasticache", Form::Query("2015-02-02"));
/// RDS.
pub static RDS: Service = service("rds", Form::Query("2014-10-31"));
/// Redshift.
pub static REDSHIFT: Service = service("redshift", Form::Query("2012-12-01"));
/// S3.
pub static S3: Service = service("s3", Form::S3);
/// The Resource Groups Tagging API.
pub static TAGGING: Service =
    hosted("resourcegroupstaggingapi", "tagging", Form::Json(JSON_1_1, "ResourceGroupsTaggingAPI_20170126"));
/// S3 Control.
pub static S3_CONTROL: Service = Service {
    name: "s3control",
    host: "s3-control",
    signing: "s3",
    place: None,
    form: Form::Xml("http://awss3control.amazonaws.com/doc/2018-08-20/"),
};
/// SNS.
pub static SNS: Service = service("sns", Form::Query("2010-03-31"));
/// SQS.
pub static SQS: Service = service("sqs", Form::Json(JSON_1_0, "AmazonSQS"));
/// Systems Manager.
pub static SSM: Service = service("ssm", Form::Json(JSON_1_1, "AmazonSSM"));
/// WAF, second version.
pub static WAF: Service = service("wafv2", Form::Json(JSON_1_1, "AWSWAF_20190729"));
/// VPC Lattice.
pub static LATTICE: Service = hosted("vpclattice", "vpc-lattice", Form::Rest);
