//! The services that are spoken to without a crate of their own, as their API references describe them.

use super::{Form, Service};

const JSON_1_0: &str = "application/x-amz-json-1.0";
const JSON_1_1: &str = "application/x-amz-json-1.1";

/// A service whose host, signature and argument in `endpoints` have one name.
const fn service(name: &'static str, form: Form) -> Service {
    Service { name, host: name, signing: name, form }
}

/// ElastiCache.
pub static ELASTICACHE: Service = service("elasticache", Form::Query("2015-02-02"));
/// Redshift.
pub static REDSHIFT: Service = service("redshift", Form::Query("2012-12-01"));
/// SQS.
pub static SQS: Service = service("sqs", Form::Json(JSON_1_0, "AmazonSQS"));
/// Systems Manager.
pub static SSM: Service = service("ssm", Form::Json(JSON_1_1, "AmazonSSM"));
