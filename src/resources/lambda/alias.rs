//! aws_lambda_alias: a name for one version of a function, or for two of them with their shares.

use super::invoke_arn;
use crate::aws::api::Service;
use crate::aws::api::member_text;
use crate::aws::api::services::LAMBDA;
use crate::resources::document::{Document, NumberMap, One, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Routing {
        additional_version_weights = "AdditionalVersionWeights": NumberMap;
    }
}
document! {
    /// The resource type `aws_lambda_alias`.
    pub AwsLambdaAlias {
        function_name = "FunctionName": Text [.required().force_new().normal(Normal::With(same_function))];
        function_version = "FunctionVersion": Text, read, create, modify [.required()];
        name = "Name": Text [.required().force_new()];
        description = "Description": Text, read, create, modify;
        routing_config = "RoutingConfig": One<Routing>, read, create, modify;
        arn = "AliasArn": Text, read [.computed()];
        invoke_arn = "AliasArn": Text [.computed().read(|a| invoke(a.held()))];
    }
}

/// A function is named by its name or by its ARN.
fn same_function(wanted: &Value, now: &Value) -> bool {
    let name = |value: &Value| value.as_str().map(|text| text.rsplit(':').next().unwrap_or(text).to_owned());
    name(wanted) == name(now)
}

fn invoke(alias: &Json) -> Value {
    let arn = member_text(alias, "AliasArn").unwrap_or_default();
    format!("{}invocations", invoke_arn(&arn, "2015-03-31")).into()
}

/// Function and name in an ARN.
fn parts(arn: &str) -> [String; 2] {
    let mut parts = arn.rsplitn(3, ':');
    let name = parts.next().unwrap_or_default().to_owned();
    [parts.next().unwrap_or_default().to_owned(), name]
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (function, name) = text.rsplit_once('/').filter(|(function, name)| !function.is_empty() && !name.is_empty())?;
    Some(vec![("function_name", function.into()), ("name", name.into())])
}

impl Plain for AwsLambdaAlias {
    const SERVICE: &'static Service = &LAMBDA;
    const CREATE: &'static str = "CreateAlias POST /2015-03-31/functions/{FunctionName}/aliases";
    const READ: (&'static str, &'static str) = ("GetAlias GET /2015-03-31/functions/{FunctionName}/aliases/{Name}", "");
    const UPDATE: &'static str = "UpdateAlias PUT /2015-03-31/functions/{FunctionName}/aliases/{Name}";
    const DELETE: &'static str = "DeleteAlias DELETE /2015-03-31/functions/{FunctionName}/aliases/{Name}";

    fn specification() -> Spec<Object> {
        Spec::new("aws_lambda_alias", |alias: &Object| Some(alias.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it names a version of a function"))
            .unique(&[&["function_name", "name"]])
            .recover(Recover::Key)
            .import("FUNCTION/ALIAS", import)
    }

    fn key(id: &str) -> Json {
        let [function, name] = parts(id);
        json!({"FunctionName": function, "Name": name})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "AliasArn")
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        let mut input = <Self as Document>::whole(change)?;
        if input.get("RoutingConfig").is_none() && !change.before.blocks("routing_config").is_empty() {
            input["RoutingConfig"] = json!({"AdditionalVersionWeights": {}});
        }
        Some(input)
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let (function, name) = (want.str("function_name").unwrap_or_default(), want.str("name").unwrap_or_default());
        let function = function.rsplit(':').next().unwrap_or_default();
        Ok(vec![format!("arn:{}:lambda:{}:{}:function:{function}:{name}", aws.partition, aws.region, aws.account)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_known_by_its_function_and_name() {
        assert_eq!(parts("arn:aws:lambda:eu-west-1:1:function:jobs:live"), ["jobs", "live"]);
        assert!(import("jobs/live").is_some() && import("jobs").is_none());
        assert!(same_function(&"arn:aws:lambda:eu-west-1:1:function:jobs".into(), &"jobs".into()));
    }
}
