//! aws_lambda_function: code that runs when it is called. Code and configuration change by calls of their own, each of
//! which takes a moment in which Lambda refuses the next.

use super::invoke_arn;
use crate::aws::api::services::LAMBDA;
use crate::aws::api::{Pages, member, member_text};
use crate::resources::block::{TextList, TextMap};
use crate::resources::document::{Document, Many, One, at, document};
use crate::resources::prelude::*;
use base64::Engine;
use serde_json::{Value as Json, json};

/// A function with all that is asked about it.
pub struct Function {
    /// Its configuration.
    pub json: Json,
    /// The whole answer.
    pub answer: Json,
    /// The version that was published last.
    pub version: String,
    /// The rules for the signature of its code.
    pub signing: Json,
}

held!(Function: json as Json);

document! {
    DeadLetter {
        target_arn = "TargetArn": Text [.required()];
    }
}
document! {
    Environment {
        variables = "Variables": TextMap;
    }
}
document! {
    Storage {
        size = "Size": Int [.optional_computed()];
    }
}
document! {
    FileSystem {
        arn = "Arn": Text [.required()];
        local_mount_path = "LocalMountPath": Text [.required()];
    }
}
document! {
    Image {
        command = "Command": TextList;
        entry_point = "EntryPoint": TextList;
        working_directory = "WorkingDirectory": Text;
    }
}
document! {
    Logging {
        application_log_level = "ApplicationLogLevel": Text;
        log_format = "LogFormat": Text [.required().check(|v| checks::one_of(v, &["JSON", "Text"]))];
        log_group = "LogGroup": Text [.optional_computed()];
        system_log_level = "SystemLogLevel": Text;
    }
}
document! {
    SnapStart {
        apply_on = "ApplyOn": Text [.required()];
        optimization_status = "OptimizationStatus": Text, read [.computed()];
    }
}
document! {
    Tracing {
        mode = "Mode": Text [.required().check(|v| checks::one_of(v, &["Active", "PassThrough"]))];
    }
}
document! {
    Network {
        ipv6_allowed_for_dual_stack = "Ipv6AllowedForDualStack": Switch;
        security_group_ids = "SecurityGroupIds": Texts [.required()];
        subnet_ids = "SubnetIds": Texts [.required()];
        vpc_id = "VpcId": Text, read [.computed()];
    }
}
document! {
    Durable {
        execution_timeout = "ExecutionTimeout": Int [.required()];
        retention_period = "RetentionPeriodInDays": Int;
    }
}
document! {
    Tenancy {
        tenant_isolation_mode = "TenantIsolationMode": Text [.required().force_new()];
    }
}
document! {
    Instances {
        capacity_provider_arn = "CapacityProviderArn": Text [.required()];
        execution_environment_memory_gib_per_vcpu = "ExecutionEnvironmentMemoryGiBPerVCpu": Real [.optional_computed()];
        per_execution_environment_max_concurrency = "PerExecutionEnvironmentMaxConcurrency": Int [.optional_computed()];
    }
}
document! {
    Capacity {
        lambda_managed_instances_capacity_provider_config = "LambdaManagedInstancesCapacityProviderConfig":
            One<Instances> [.count(1, Some(1))];
    }
}
document! {
    /// What the configuration of a function holds.
    pub Rows {
        function_name = "FunctionName": Text [.required().force_new()];
        capacity_provider_config = "CapacityProviderConfig": One<Capacity>, read, create, modify;
        dead_letter_config = "DeadLetterConfig": One<DeadLetter>, read, create, modify;
        description = "Description": Text, read, create, modify;
        durable_config = "DurableConfig": One<Durable>, read, create, modify;
        environment = "Environment": One<Environment>, read, create, modify;
        ephemeral_storage = "EphemeralStorage": One<Storage>, read, create, modify [.optional_computed()];
        file_system_config = "FileSystemConfigs": Many<FileSystem>, read, create, modify [.count(0, Some(1))];
        handler = "Handler": Text, read, create, modify;
        image_config = "ImageConfig": One<Image>, create, modify
            [.read(|f| at::<One<Image>>(f.held(), "ImageConfigResponse.ImageConfig"))];
        kms_key_arn = "KMSKeyArn": Text, read, create, modify;
        layers = "Layers": TextList, create, modify [.read(|f| layers(f.held()))];
        logging_config = "LoggingConfig": One<Logging>, read, create, modify [.optional_computed()];
        memory_size = "MemorySize": Int, read, create, modify [.default(128)];
        package_type = "PackageType": Text
            [.default("Zip").force_new().check(|v| checks::one_of(v, &["Image", "Zip"]))];
        role = "Role": Text, read, create, modify [.required()];
        runtime = "Runtime": Text, read, create, modify;
        snap_start = "SnapStart": One<SnapStart>, create, modify [.read(|f| snap_start(f.held()))];
        tenancy_config = "TenancyConfig": One<Tenancy> [.force_new()];
        timeout = "Timeout": Int, read, create, modify [.default(3)];
        tracing_config = "TracingConfig": One<Tracing>, read, create, modify [.optional_computed()];
        vpc_config = "VpcConfig": One<Network>, read, create, modify;
        arn = "FunctionArn": Text, read [.computed()];
        code_sha256 = "CodeSha256": Text, read [.optional_computed()];
        last_modified = "LastModified": Text, read [.computed()];
        signing_job_arn = "SigningJobArn": Text, read [.computed()];
        signing_profile_version_arn = "SigningProfileVersionArn": Text, read [.computed()];
        source_code_size = "CodeSize": Int, read [.computed()];
    }
}

/// The resource type `aws_lambda_function`.
pub struct AwsLambdaFunction;

const READ: &str = "GetFunction GET /2015-03-31/functions/{FunctionName}?Qualifier";
/// Where the code is.
const CODE: [&str; 6] = ["filename", "image_uri", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash"];
const PLACES: &[&[&str]] = &[&["filename", "s3_bucket", "image_uri"]];

fn layers(configuration: &Json) -> Value {
    let all = configuration["Layers"].as_array().cloned().unwrap_or_default();
    Value::strings(all.iter().filter_map(|layer| layer["Arn"].as_str()))
}

fn snap_start(configuration: &Json) -> Value {
    let off = member_text(configuration, "SnapStart.ApplyOn").is_none_or(|on| on == "None");
    at::<One<SnapStart>>(if off { &Json::Null } else { configuration }, "SnapStart")
}

fn arn(f: &Function) -> String {
    member_text(&f.json, "FunctionArn").unwrap_or_default()
}

/// The rows that the configuration does not hold.
pub fn more() -> Vec<A<Function>> {
    vec![
        A::string_list("architectures")
            .optional_computed()
            .read(|f: &Function| at::<TextList>(&f.json, "Architectures")),
        A::string("code_signing_config_arn").read(|f: &Function| at::<Text>(&f.signing, "CodeSigningConfigArn")),
        A::string("image_uri").read(|f: &Function| at::<Text>(&f.answer, "Code.ImageUri")),
        A::string("invoke_arn")
            .computed()
            .read(|f: &Function| format!("{}invocations", invoke_arn(&arn(f), "2015-03-31")).into()),
        A::string("qualified_arn").computed().read(|f: &Function| format!("{}:{}", arn(f), f.version).into()),
        A::string("qualified_invoke_arn").computed().read(|f: &Function| {
            format!("{}invocations", invoke_arn(&format!("{}:{}", arn(f), f.version), "2015-03-31")).into()
        }),
        A::number("reserved_concurrent_executions").read(|f: &Function| {
            let all = at::<Int>(&f.answer, "Concurrency.ReservedConcurrentExecutions");
            if all.is_null() { (-1_i64).into() } else { all }
        }),
        A::string("response_streaming_invoke_arn")
            .computed()
            .read(|f: &Function| format!("{}response-streaming-invocations", invoke_arn(&arn(f), "2021-11-15")).into()),
        A::string("source_kms_key_arn").read(|f: &Function| at::<Text>(&f.answer, "Code.SourceKMSKeyArn")),
        A::string("version").computed().read(|f: &Function| f.version.as_str().into()),
    ]
}

/// The rows that only the layout gives.
fn own() -> Vec<A<Function>> {
    vec![
        A::string("filename"),
        A::string("s3_bucket"),
        A::string("s3_key"),
        A::string("s3_object_version"),
        A::string("source_code_hash").optional_computed(),
        A::bool("publish").default(false),
        A::string("publish_to").check(|v| checks::one_of(v, &["LATEST_PUBLISHED"])),
        A::bool("replace_security_groups_on_destroy"),
        A::string_set("replacement_security_group_ids"),
        A::bool("skip_destroy").default(false),
        A::bool("use_resource_timeout_for_propagation").default(false),
    ]
}

/// The functions with these names, or their versions.
pub async fn described(aws: &Aws, names: Vec<String>, qualifier: Option<&str>) -> Result<Vec<Function>> {
    let api = &aws.read.api;
    let one = |name: String| async move {
        let key = json!({"FunctionName": name});
        let versions = "ListVersionsByFunction GET /2015-03-31/functions/{FunctionName}/versions";
        let signing = "GetFunctionCodeSigningConfig GET /2020-06-30/functions/{FunctionName}/code-signing-config";
        let answer = api.call(&LAMBDA, READ, json!({"FunctionName": name, "Qualifier": qualifier})).await?;
        let zip = member_text(&answer, "Configuration.PackageType").as_deref() != Some("Image");
        let signing = if zip { api.call(&LAMBDA, signing, key.clone()).await? } else { Json::Null };
        let pages = Pages("Marker", "NextMarker");
        let all = api.list(&LAMBDA, versions, key, pages, "Versions").await?;
        let number = |version: &Json| version["Version"].as_str()?.parse::<u64>().ok();
        let last = all.iter().filter_map(number).max().map(|n| n.to_string());
        let version = last.unwrap_or_else(|| "$LATEST".into());
        Ok(Function { json: answer["Configuration"].clone(), answer, version, signing })
    };
    each(names, one).await
}

fn zip(aws: &Aws, file: &str) -> Result<Json> {
    Ok(base64::engine::general_purpose::STANDARD.encode(aws.file(file)?).into())
}

/// Where a new version of the code is.
fn code(aws: &Aws, want: &Attrs) -> Result<Json> {
    let text = |name| text(want, name);
    let mut code = json!({
        "S3Bucket": text("s3_bucket"), "S3Key": text("s3_key"), "S3ObjectVersion": text("s3_object_version"),
        "ImageUri": text("image_uri"), "SourceKMSKeyArn": text("source_kms_key_arn"),
    });
    if let Some(file) = text("filename") {
        code["ZipFile"] = zip(aws, &file)?;
    }
    if let Json::Object(members) = &mut code {
        members.retain(|_, value| !value.is_null());
    }
    Ok(code)
}

fn progress(function: &Function) -> Progress {
    let word = |name: &str| member_text(&function.json, name).unwrap_or_default();
    let why = |name: &str| Progress::Failed(word(name));
    match (word("State").as_str(), word("LastUpdateStatus").as_str()) {
        ("Pending", _) => Progress::Pending("Pending".into()),
        ("Failed", _) => why("StateReason"),
        (_, "InProgress") => Progress::Pending("InProgress".into()),
        (_, "Failed") => why("LastUpdateStatusReason"),
        _ => Progress::Ready,
    }
}

async fn settled(aws: &Aws, id: &str) -> Result<()> {
    let done = |found: Option<&Function>| found.is_none_or(|f| !matches!(progress(f), Progress::Pending(_)));
    settle::seen::<AwsLambdaFunction>(aws, id, &format!("the last change of function {id}"), done).await.map(drop)
}

fn check(want: &Attrs) -> Faults {
    let image = want.str("package_type") == Some("Image");
    let known = !want.is_unknown("package_type");
    faults! {
        known && !image && !want.is_given("runtime") => "runtime", "a function of a zip file needs a runtime";
        known && !image && !want.is_given("handler") => "handler", "a function of a zip file needs a handler";
        want.is_filled("replacement_security_group_ids") && !want.is_given("replace_security_groups_on_destroy") =>
            "replacement_security_group_ids", "it needs replace_security_groups_on_destroy = true";
    }
}

/// Takes the function's interfaces out of its security groups, so that those can go before the interfaces do.
async fn release(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let Some(network) = last.blocks("vpc_config").into_iter().next() else { return Ok(()) };
    let mut groups = last.strings("replacement_security_group_ids");
    if groups.is_empty() {
        let vpc = filter("vpc-id", network.str("vpc_id").unwrap_or_default());
        let found = aws.read.ec2.describe_security_groups().filters(vpc).filters(filter("group-name", "default"));
        let found = found.send().await?;
        groups = found.security_groups().iter().filter_map(|g| g.group_id().map(str::to_owned)).collect();
    }
    let network = json!({"SubnetIds": network.strings("subnet_ids"), "SecurityGroupIds": groups});
    configure(aws, id, json!({"VpcConfig": network})).await?;
    settled(aws, id).await
}

async fn configure(aws: &Aws, id: &str, mut input: Json) -> Result<()> {
    let operation = "UpdateFunctionConfiguration PUT /2015-03-31/functions/{FunctionName}/configuration";
    input["FunctionName"] = id.into();
    aws.write.api.call(&LAMBDA, operation, input).await.map(drop)
}

impl Resource for AwsLambdaFunction {
    type Live = Function;

    fn spec() -> Spec<Function> {
        let rows = Rows::rows().into_iter().chain(more()).chain(own()).map(|mut row| {
            if row.row.name == "reserved_concurrent_executions" {
                row = row.default(-1);
            }
            row
        });
        Spec::new("aws_lambda_function", |f: &Function| member_text(&f.json, "FunctionName"), rows.collect())
            .role(Role::NotServing("it is called for an event, wherever it runs"))
            .own_tags(|f| {
                let all = member(&f.answer, "Tags").and_then(Json::as_object);
                tags::visible(all.into_iter().flatten().filter_map(|(k, v)| Some((k.as_str(), v.as_str()?))))
            })
            .unique(&[&["function_name"]])
            .exactly_one(PLACES)
            .recover(Recover::Key)
            .default_timeout(10)
            .recomputed(|before, after| {
                let changes = |name: &&str| before.get(name) != after.get(name);
                let code = CODE.iter().any(changes);
                let published = after.bool("publish") == Some(true);
                let of = |names: &[&'static str], when: bool| if when { names.to_vec() } else { Vec::new() };
                let mut all = of(&["last_modified"], true);
                all.extend(of(&["code_sha256", "source_code_size"], code));
                all.extend(of(&["version", "qualified_arn", "qualified_invoke_arn"], published));
                all
            })
            .progress(progress)
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Function>> {
        described(aws, which.by("function_name"), None).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let mut input = Rows::create(want);
        input["Code"] = code(aws, want)?;
        for (name, value) in [
            ("Publish", json!(want.bool("publish"))),
            ("PublishTo", json!(text(want, "publish_to"))),
            ("Architectures", json!(some(want.strings("architectures")))),
            ("CodeSigningConfigArn", json!(text(want, "code_signing_config_arn"))),
            ("Tags", json!(want.string_map("tags_all"))),
        ] {
            input[name] = value;
        }
        let answer = aws.write.api.call(&LAMBDA, "CreateFunction POST /2015-03-31/functions", input).await?;
        made(member_text(&answer, "FunctionName").as_deref())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = |operation, input: Json| aws.write.api.call(&LAMBDA, operation, input);
        let key = json!({"FunctionName": id});
        change.take_any(&["replace_security_groups_on_destroy", "replacement_security_group_ids", "skip_destroy"]);
        change.take("use_resource_timeout_for_propagation");
        let publish = change.take_any(&["publish", "publish_to"]);
        let mut changed = false;
        if let Some(mut input) = Rows::modify(change) {
            for (name, none) in [
                ("VpcConfig", json!({"SubnetIds": [], "SecurityGroupIds": []})),
                ("Environment", json!({"Variables": {}})),
                ("DeadLetterConfig", json!({"TargetArn": ""})),
                ("SnapStart", json!({"ApplyOn": "None"})),
                ("ImageConfig", json!({})),
            ] {
                let argument = match name {
                    "VpcConfig" => "vpc_config",
                    "Environment" => "environment",
                    "DeadLetterConfig" => "dead_letter_config",
                    "SnapStart" => "snap_start",
                    _ => "image_config",
                };
                let goes = change.before.blocks(argument).len() > change.after.blocks(argument).len();
                if goes && input.get(name).is_none() {
                    input[name] = none;
                }
            }
            configure(aws, id, input).await?;
            settled(aws, id).await?;
            changed = true;
        }
        let moved = change.take_any(&CODE) | change.take_any(&["architectures", "source_kms_key_arn", "code_sha256"]);
        if moved && !change.fresh {
            let mut input = code(aws, change.after)?;
            input["FunctionName"] = id.into();
            input["Architectures"] = json!(some(change.after.strings("architectures")));
            call("UpdateFunctionCode PUT /2015-03-31/functions/{FunctionName}/code", input).await?;
            settled(aws, id).await?;
            changed = true;
        }
        if let Some(count) = change.take("reserved_concurrent_executions") {
            match count.as_i64().filter(|n| *n >= 0) {
                Some(n) => {
                    let input = json!({"FunctionName": id, "ReservedConcurrentExecutions": n});
                    call("PutFunctionConcurrency PUT /2017-10-31/functions/{FunctionName}/concurrency", input).await?;
                }
                None => {
                    let gone = "DeleteFunctionConcurrency DELETE /2017-10-31/functions/{FunctionName}/concurrency";
                    call(gone, key.clone()).await?;
                }
            }
        }
        if let Some(signing) = change.take("code_signing_config_arn") {
            match signing.as_str().filter(|arn| !arn.is_empty()) {
                Some(arn) => {
                    let put =
                        "PutFunctionCodeSigningConfig PUT /2020-06-30/functions/{FunctionName}/code-signing-config";
                    call(put, json!({"FunctionName": id, "CodeSigningConfigArn": arn})).await?;
                }
                None => {
                    let gone = "DeleteFunctionCodeSigningConfig DELETE \
                                /2020-06-30/functions/{FunctionName}/code-signing-config";
                    call(gone, key.clone()).await?;
                }
            }
        }
        if (changed || publish) && !change.fresh && change.after.bool("publish") == Some(true) {
            let input = json!({"FunctionName": id, "PublishTo": text(change.after, "publish_to")});
            call("PublishVersion POST /2015-03-31/functions/{FunctionName}/versions", input).await?;
        }
        let arn = change.before.string("arn");
        let set = |tags: std::collections::HashMap<String, String>| {
            call("TagResource POST /2017-03-31/tags/{Resource}", json!({"Resource": arn, "Tags": tags}))
        };
        let unset = |keys: Vec<String>| {
            call("UntagResource DELETE /2017-03-31/tags/{Resource}?tagKeys", json!({"Resource": arn, "tagKeys": keys}))
        };
        tags::change(change, set, unset).await.map(drop)
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") == Some(true) {
            return Ok(());
        }
        if last.bool("replace_security_groups_on_destroy") == Some(true) {
            release(aws, id, last).await?;
        }
        let operation = "DeleteFunction DELETE /2015-03-31/functions/{FunctionName}";
        aws.write.api.call(&LAMBDA, operation, json!({"FunctionName": id})).await.map(drop)
    }
}
