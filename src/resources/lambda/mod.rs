//! The Lambda family: functions, who may call them, aliases, and what they read from.

mod alias;
pub(super) mod allowed;
mod event_source_mapping;
mod function;
mod function_data;
mod permission;

use super::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<alias::AwsLambdaAlias>(all);
    add::<event_source_mapping::AwsLambdaEventSourceMapping>(all);
    add::<function::AwsLambdaFunction>(all);
    add::<permission::AwsLambdaPermission>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<function_data::AwsLambdaFunction>(all);
}

/// The region in an ARN.
fn region(arn: &str) -> &str {
    arn.split(':').nth(3).unwrap_or_default()
}

/// What API Gateway calls a function by.
fn invoke_arn(arn: &str, rest: &str) -> String {
    let partition = arn.split(':').nth(1).unwrap_or("aws");
    format!("arn:{partition}:apigateway:{}:lambda:path/{rest}/functions/{arn}/", region(arn))
}
