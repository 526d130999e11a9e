//! aws_lambda_event_source_mapping: what a function reads from, such as a queue or a stream.

use crate::aws::api::services::LAMBDA;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::block::{TextList, TextMap, TimestampCell};
use crate::resources::document::{Document, One, Unordered, at, document};
use crate::resources::plain::{Object, Plain, Tags, joined, state};
use crate::resources::prelude::*;
use serde_json::{Map, Value as Json, json};

document! {
    Access {
        r#type = "Type": Text;
        uri = "URI": Text;
    }
}
document! {
    Source {
        r#type = "Type": Text [.required()];
        uri = "URI": Text [.required()];
    }
}
document! {
    Validation {
        attribute = "Attribute": Text;
    }
}
document! {
    Registry {
        event_record_format = "EventRecordFormat": Text;
        schema_registry_uri = "SchemaRegistryURI": Text;
        access_config = "AccessConfigs": Unordered<Access>;
        schema_validation_config = "SchemaValidationConfigs": Unordered<Validation>;
    }
}
document! {
    Kafka {
        consumer_group_id = "ConsumerGroupId": Text [.optional_computed().force_new()];
        schema_registry_config = "SchemaRegistryConfig": One<Registry>;
    }
}
document! {
    OnFailure {
        destination_arn = "Destination": Text [.required()];
    }
}
document! {
    Destination {
        on_failure = "OnFailure": One<OnFailure>;
    }
}
document! {
    DocumentDb {
        collection_name = "CollectionName": Text;
        database_name = "DatabaseName": Text [.required()];
        full_document = "FullDocument": Text [.default("Default")];
    }
}
document! {
    Pattern {
        pattern = "Pattern": Text;
    }
}
document! {
    Criteria {
        filter = "Filters": Unordered<Pattern> [.count(0, Some(10))];
    }
}
document! {
    Metrics {
        metrics = "Metrics": Texts [.required()];
    }
}
document! {
    Poller {
        maximum_pollers = "MaximumPollers": Int [.optional_computed()];
        minimum_pollers = "MinimumPollers": Int [.optional_computed()];
        poller_group_name = "PollerGroupName": Text [.optional_computed()];
    }
}
document! {
    Scaling {
        maximum_concurrency = "MaximumConcurrency": Int;
    }
}
document! {
    Managed {
        endpoints = "Endpoints": TextMap, none [.required().read(|s| endpoints(s.held()))];
    }
}
document! {
    /// The resource type `aws_lambda_event_source_mapping`.
    pub AwsLambdaEventSourceMapping {
        amazon_managed_kafka_event_source_config = "AmazonManagedKafkaEventSourceConfig": One<Kafka>
            [.optional_computed().force_new()];
        arn = "EventSourceMappingArn": Text, read [.computed()];
        batch_size = "BatchSize": Int, read, create, modify [.stays()];
        bisect_batch_on_function_error = "BisectBatchOnFunctionError": Flag, read, create, modify;
        destination_config = "DestinationConfig": One<Destination>, read, create, modify;
        document_db_event_source_config = "DocumentDBEventSourceConfig": One<DocumentDb>, read, create, modify;
        enabled = "Enabled": Flag, create, modify [.default(true).read(|m| enabled(m.held()))];
        event_source_arn = "EventSourceArn": Text [.force_new()];
        filter_criteria = "FilterCriteria": One<Criteria>, read, create, modify;
        function_arn = "FunctionArn": Text, read [.computed().follows(&["function_name"])];
        function_name = "FunctionName": Text, create, modify
            [.required().normal(Normal::With(same_function)).read(|m| at::<Text>(m.held(), "FunctionArn"))];
        function_response_types = "FunctionResponseTypes": Texts, read, create, modify;
        kms_key_arn = "KMSKeyArn": Text, read, create, modify;
        last_modified = "LastModified": TimestampCell, read [.computed()];
        last_processing_result = "LastProcessingResult": Text, read [.computed()];
        maximum_batching_window_in_seconds = "MaximumBatchingWindowInSeconds": Int, read, create, modify [.stays()];
        maximum_record_age_in_seconds = "MaximumRecordAgeInSeconds": Int, read, create, modify [.optional_computed()];
        maximum_retry_attempts = "MaximumRetryAttempts": Int, read, create, modify [.optional_computed()];
        metrics_config = "MetricsConfig": One<Metrics>, read, create, modify;
        parallelization_factor = "ParallelizationFactor": Int, read, create, modify [.optional_computed()];
        provisioned_poller_config = "ProvisionedPollerConfig": One<Poller>, read, create, modify;
        queues = "Queues": TextList [.force_new()];
        scaling_config = "ScalingConfig": One<Scaling>, read, create, modify;
        self_managed_event_source = "SelfManagedEventSource": One<Managed>, read [.force_new()];
        self_managed_kafka_event_source_config = "SelfManagedKafkaEventSourceConfig": One<Kafka>
            [.optional_computed().force_new()];
        source_access_configuration = "SourceAccessConfigurations": Unordered<Source>, read, create, modify
            [.count(0, Some(22))];
        starting_position = "StartingPosition": Text
            [.force_new().stays().check(|v| checks::one_of(v, &["AT_TIMESTAMP", "LATEST", "TRIM_HORIZON"]))];
        starting_position_timestamp = "StartingPositionTimestamp": TimestampCell [.force_new()];
        state = "State": Text, read [.computed()];
        state_transition_reason = "StateTransitionReason": Text, read [.computed()];
        topics = "Topics": Texts [.force_new()];
        tumbling_window_in_seconds = "TumblingWindowInSeconds": Int, read, create, modify [.stays()];
        use_resource_timeout_for_propagation = "": Switch, none;
        uuid = "UUID": Text, read [.computed()];
    }
}

/// A function is named by its name or by its ARN.
fn same_function(wanted: &Value, now: &Value) -> bool {
    let (Some(wanted), Some(now)) = (wanted.as_str(), now.as_str()) else { return wanted == now };
    wanted == now || now.strip_suffix(wanted).is_some_and(|rest| rest.ends_with(":function:"))
}

fn enabled(mapping: &Json) -> Value {
    member_text(mapping, "State")
        .is_some_and(|state| ["Enabled", "Enabling", "Creating"].contains(&state.as_str()))
        .into()
}

/// AWS has several addresses of one kind; the layout writes them with commas between.
fn endpoints(source: &Json) -> Value {
    let all = source["Endpoints"].as_object().cloned().unwrap_or_default();
    let text = |value: &Json| {
        let all = value.as_array().cloned().unwrap_or_default();
        all.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(",")
    };
    Value::map(Type::String, all.iter().map(|(k, v)| (k.as_str().into(), text(v).into())).collect())
}

impl Plain for AwsLambdaEventSourceMapping {
    const SERVICE: &'static Service = &LAMBDA;
    const CREATE: &'static str = "CreateEventSourceMapping POST /2015-03-31/event-source-mappings";
    const READ: (&'static str, &'static str) =
        ("GetEventSourceMapping GET /2015-03-31/event-source-mappings/{UUID}", "");
    const UPDATE: &'static str = "UpdateEventSourceMapping PUT /2015-03-31/event-source-mappings/{UUID}";
    const DELETE: &'static str = "DeleteEventSourceMapping DELETE /2015-03-31/event-source-mappings/{UUID}";
    const TAGS: Option<Tags> = Some(Tags {
        list: "ListTags GET /2017-03-31/tags/{Resource}",
        set: "TagResource POST /2017-03-31/tags/{Resource}",
        unset: "UntagResource DELETE /2017-03-31/tags/{Resource}?tagKeys",
        by: ("Resource", "EventSourceMappingArn"),
        members: ("Tags", "tagKeys"),
        create: "Tags",
        pairs: None,
    });

    fn specification() -> Spec<Object> {
        Spec::new("aws_lambda_event_source_mapping", |m: &Object| Some(m.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("a function reads by it, wherever it runs"))
            .unique(&[&["function_name", "event_source_arn", "topics", "queues", "self_managed_event_source"]])
            .exactly_one(&[&["event_source_arn", "self_managed_event_source"]])
            .recover(Recover::Key)
            .progress(|m| state(m, "State", &["Creating", "Updating", "Enabling", "Disabling", "Deleting"], &[], &[]))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"UUID": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "UUID")
    }

    fn input(_aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        if let Some(source) = want.blocks("self_managed_event_source").first() {
            let all = source.string_map("endpoints").into_iter();
            let split = all.map(|(k, v)| (k, v.split(',').map(str::trim).map(Json::from).collect::<Json>()));
            input["SelfManagedEventSource"] = json!({"Endpoints": split.collect::<Map<_, _>>()});
        }
        input
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        change.take("use_resource_timeout_for_propagation");
        let mut input = <Self as Document>::modify(change)?;
        for (argument, name) in [
            ("filter_criteria", "FilterCriteria"),
            ("destination_config", "DestinationConfig"),
            ("metrics_config", "MetricsConfig"),
            ("provisioned_poller_config", "ProvisionedPollerConfig"),
            ("scaling_config", "ScalingConfig"),
        ] {
            if change.after.blocks(argument).is_empty() && !change.before.blocks(argument).is_empty() {
                input = joined(input, json!({name: {}}));
            }
        }
        Some(input)
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let input =
            json!({"EventSourceArn": text(want, "event_source_arn"), "FunctionName": want.str("function_name")});
        let operation = "ListEventSourceMappings GET /2015-03-31/event-source-mappings";
        let pages = Pages("Marker", "NextMarker");
        let found = aws.read.api.list(&LAMBDA, operation, input, pages, "EventSourceMappings").await?;
        let same = |mapping: &&Json| {
            let value = |name| at::<Texts>(mapping, name).as_elements().map(<[Value]>::len).unwrap_or_default();
            value("Topics") == want.elements("topics").len() && value("Queues") == want.elements("queues").len()
        };
        Ok(found.iter().filter(same).filter_map(|mapping| member_text(mapping, "UUID")).collect())
    }
}
