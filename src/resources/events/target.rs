//! aws_cloudwatch_event_target: what a rule starts. Its id is that of an import: the bus, the rule and the target.

use super::DEFAULT_BUS;
use crate::aws::api::services::EVENTS;
use crate::aws::api::{Service, items};
use crate::resources::block::{TextList, TextMap};
use crate::resources::document::{Document, Many, One, Unordered, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    AppSync {
        graphql_operation = "GraphQLOperation": Text;
    }
}
document! {
    Batch {
        array_size = "ArrayProperties.Size": Int;
        job_attempts = "RetryStrategy.Attempts": Int;
        job_definition = "JobDefinition": Text [.required()];
        job_name = "JobName": Text [.required()];
    }
}
document! {
    DeadLetter {
        arn = "Arn": Text;
    }
}
document! {
    Strategy {
        base = "base": Int [.empty_is_null()];
        capacity_provider = "capacityProvider": Text [.required()];
        weight = "weight": Int [.empty_is_null()];
    }
}
document! {
    Network {
        assign_public_ip = "AssignPublicIp": Switch, none [.read(|n| (n.held()["AssignPublicIp"] == "ENABLED").into())];
        security_groups = "SecurityGroups": Texts;
        subnets = "Subnets": Texts [.required()];
    }
}
document! {
    Placement {
        field = "field": Text;
        r#type = "type": Text [.required()];
    }
}
document! {
    Constraint {
        expression = "expression": Text;
        r#type = "type": Text [.required()];
    }
}
document! {
    Ecs {
        enable_ecs_managed_tags = "EnableECSManagedTags": Switch;
        enable_execute_command = "EnableExecuteCommand": Switch;
        group = "Group": Text;
        launch_type = "LaunchType": Text [.check(|v| checks::one_of(v, &["EC2", "EXTERNAL", "FARGATE"]))];
        platform_version = "PlatformVersion": Text;
        propagate_tags = "PropagateTags": Text;
        tags = "": TextMap, none [.read(|e| tags::of(&items(e.held(), "Tags")))];
        task_count = "TaskCount": Int [.default(1)];
        task_definition_arn = "TaskDefinitionArn": Text [.required()];
        capacity_provider_strategy = "CapacityProviderStrategy": Unordered<Strategy>;
        network_configuration = "NetworkConfiguration.awsvpcConfiguration": One<Network>;
        ordered_placement_strategy = "PlacementStrategy": Many<Placement> [.count(0, Some(5))];
        placement_constraint = "PlacementConstraints": Unordered<Constraint> [.count(0, Some(10))];
    }
}
document! {
    Http {
        header_parameters = "HeaderParameters": TextMap;
        path_parameter_values = "PathParameterValues": TextList;
        query_string_parameters = "QueryStringParameters": TextMap;
    }
}
document! {
    Transformer {
        input_paths = "InputPathsMap": TextMap;
        input_template = "InputTemplate": Text [.required()];
    }
}
document! {
    Kinesis {
        partition_key_path = "PartitionKeyPath": Text;
    }
}
document! {
    Redshift {
        database = "Database": Text [.required()];
        db_user = "DbUser": Text;
        secrets_manager_arn = "SecretManagerArn": Text;
        sql = "Sql": Text;
        statement_name = "StatementName": Text;
        with_event = "WithEvent": Flag;
    }
}
document! {
    Retry {
        maximum_event_age_in_seconds = "MaximumEventAgeInSeconds": Int;
        maximum_retry_attempts = "MaximumRetryAttempts": Int;
    }
}
document! {
    Run {
        key = "Key": Text [.required()];
        values = "Values": TextList [.required()];
    }
}
document! {
    Parameter {
        name = "Name": Text [.required()];
        value = "Value": Text [.required()];
    }
}
document! {
    Pipeline {
        pipeline_parameter_list = "PipelineParameterList": Unordered<Parameter> [.count(0, Some(200))];
    }
}
document! {
    Sqs {
        message_group_id = "MessageGroupId": Text;
    }
}
document! {
    /// The resource type `aws_cloudwatch_event_target`.
    pub AwsCloudwatchEventTarget {
        arn = "Arn": Text, read, create, modify [.required()];
        event_bus_name = "EventBusName": Text, read [.default(DEFAULT_BUS).force_new()];
        force_destroy = "": Switch, none;
        input = "Input": Text, read, create, modify [.normal(Normal::Json)];
        input_path = "InputPath": Text, read, create, modify;
        role_arn = "RoleArn": Text, read, create, modify;
        rule = "Rule": Text, read [.required().force_new()];
        target_id = "Id": Text [.optional_computed().force_new()];
        appsync_target = "AppSyncParameters": One<AppSync>, read, create, modify;
        batch_target = "BatchParameters": One<Batch>, read, create, modify;
        dead_letter_config = "DeadLetterConfig": One<DeadLetter>, read, create, modify;
        ecs_target = "EcsParameters": One<Ecs>, read, modify;
        http_target = "HttpParameters": One<Http>, read, create, modify;
        input_transformer = "InputTransformer": One<Transformer>, read, create, modify;
        kinesis_target = "KinesisParameters": One<Kinesis>, read, create, modify;
        redshift_target = "RedshiftDataParameters": One<Redshift>, read, create, modify;
        retry_policy = "RetryPolicy": One<Retry>, read, create, modify;
        run_command_targets = "RunCommandParameters.RunCommandTargets": Many<Run>, read, create, modify
            [.count(0, Some(5))];
        sagemaker_pipeline_target = "SageMakerPipelineParameters": One<Pipeline>, read, create, modify;
        sqs_target = "SqsParameters": One<Sqs>, read, create, modify;
    }
}

fn parts(id: &str) -> Option<[&str; 3]> {
    let (rest, target) = id.rsplit_once('/')?;
    let (bus, rule) = rest.rsplit_once('/').unwrap_or((DEFAULT_BUS, rest));
    Some([bus, rule, target])
}

fn joined(want: &Attrs) -> Option<String> {
    let bus = text(want, "event_bus_name").unwrap_or_else(|| DEFAULT_BUS.into());
    Some(format!("{bus}/{}/{}", want.str("rule")?, want.str("target_id")?))
}

/// The call that sets a target.
fn put(want: &Attrs, id: &str) -> Json {
    let [bus, rule, target] = parts(id).unwrap_or_default();
    let mut all = <AwsCloudwatchEventTarget as Document>::create(want);
    all["Id"] = target.into();
    if let Some(ecs) = want.blocks("ecs_target").first() {
        let mut task = <Ecs as Document>::create(ecs);
        for network in ecs.blocks("network_configuration") {
            let public = network.bool("assign_public_ip") == Some(true);
            task["NetworkConfiguration"]["awsvpcConfiguration"]["AssignPublicIp"] =
                if public { "ENABLED" } else { "DISABLED" }.into();
        }
        let tags: Vec<Json> = tags::made(ecs.string_map("tags"));
        task["Tags"] = json!(some(tags));
        all["EcsParameters"] = task;
    }
    json!({"EventBusName": bus, "Rule": rule, "Targets": [all]})
}

impl Plain for AwsCloudwatchEventTarget {
    const SERVICE: &'static Service = &EVENTS;
    const CREATE: &'static str = "PutTargets";
    const READ: (&'static str, &'static str) = ("ListTargetsByRule", "");
    const UPDATE: &'static str = "PutTargets";
    const DELETE: &'static str = "RemoveTargets";

    fn specification() -> Spec<Object> {
        Spec::new("aws_cloudwatch_event_target", |t: &Object| Some(t.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it starts work, and takes no traffic"))
            .named("target_id", "")
            .unique(&[&["event_bus_name", "rule", "target_id"]])
            .conflicts(&[&["input", "input_path", "input_transformer"]])
            .recover(Recover::Key)
            .id_from(joined)
            .import("BUS/RULE/TARGET", |text| {
                let [bus, rule, target] = parts(text)?;
                Some(vec![("event_bus_name", bus.into()), ("rule", rule.into()), ("target_id", target.into())])
            })
    }

    fn key(id: &str) -> Json {
        let [bus, rule, _] = parts(id).unwrap_or_default();
        json!({"EventBusName": bus, "Rule": rule})
    }

    fn id(want: &Attrs, answer: &Json) -> Option<String> {
        joined(want).filter(|_| answer["FailedEntryCount"].as_i64().unwrap_or(0) == 0)
    }

    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        put(want, &joined(want).unwrap_or_default())
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        change.take("force_destroy");
        <Self as Document>::whole(change)?;
        let id = joined(change.after).unwrap_or_default();
        Some(put(change.after, &id))
    }

    async fn found(_aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        Ok(joined(want).into_iter().collect())
    }

    async fn more(_aws: &Aws, id: &str, json: Json) -> Result<Json> {
        let target = parts(id).unwrap_or_default()[2];
        let found = items(&json, "Targets").into_iter().find(|one| one["Id"] == target);
        let Some(mut found) = found else { return Err(Error::not_found(format!("the rule has no target {target}"))) };
        for name in ["EventBusName", "Rule"] {
            found[name] = json[name].clone();
        }
        Ok(found)
    }

    async fn before_delete(aws: &Aws, id: &str, last: &Attrs) -> Result<bool> {
        let [bus, rule, target] = parts(id).unwrap_or_default();
        let force = last.bool("force_destroy") == Some(true);
        let input = json!({"EventBusName": bus, "Rule": rule, "Ids": [target], "Force": force});
        aws.write.api.call(&EVENTS, Self::DELETE, input).await?;
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_known_by_its_bus_and_rule() {
        assert_eq!(parts("r/t"), Some(["default", "r", "t"]));
        assert_eq!(parts("own/r/t"), Some(["own", "r", "t"]));
        assert_eq!(parts("t"), None);
    }

    #[test]
    fn a_task_says_where_it_runs() {
        let network = Attrs::default().with("subnets", Value::string_set(["s-1"])).with("assign_public_ip", true);
        let list = |block: Attrs| Value::tuple(vec![block.to_value()]);
        let ecs = Attrs::default().with("task_definition_arn", "arn:t").with("network_configuration", list(network));
        let call = put(&Attrs::default().with("arn", "arn:c").with("ecs_target", list(ecs)), "r/t");
        let network = &call["Targets"][0]["EcsParameters"]["NetworkConfiguration"]["awsvpcConfiguration"];
        assert_eq!(*network, json!({"Subnets": ["s-1"], "AssignPublicIp": "ENABLED"}));
    }
}
