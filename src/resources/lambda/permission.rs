//! aws_lambda_permission: a statement in the policy of a function, that lets somebody call it. Its id is that of an
//! import: the function, its version or alias if one is meant, and the statement.

use crate::aws::api::Service;
use crate::aws::api::services::LAMBDA;
use crate::aws::api::{member, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_lambda_permission`.
    pub AwsLambdaPermission {
        action = "Action": Text [.required().force_new()];
        event_source_token = "EventSourceToken": Text, create
            [.force_new().read(|s| said(s.held(), "lambda:EventSourceToken"))];
        function_name = "FunctionName": Text [.required().force_new()];
        function_url_auth_type = "FunctionUrlAuthType": Text, create
            [.force_new().check(|v| checks::one_of(v, &["AWS_IAM", "NONE"]))]
            [.read(|s| said(s.held(), "lambda:FunctionUrlAuthType"))];
        invoked_via_function_url = "InvokedViaFunctionUrl": Flag, create
            [.force_new().read(|s| via_url(s.held()))];
        principal = "Principal": Text, create [.required().force_new().read(|s| principal(s.held()))];
        principal_org_id = "PrincipalOrgID": Text, create
            [.force_new().read(|s| said(s.held(), "aws:PrincipalOrgID"))];
        qualifier = "Qualifier": Text [.force_new()];
        source_account = "SourceAccount": Text, create
            [.force_new().read(|s| said(s.held(), "aws:SourceAccount"))];
        source_arn = "SourceArn": Text, create [.force_new().read(|s| said(s.held(), "aws:SourceArn"))];
        statement_id = "StatementId": Text [.optional_computed().force_new()];
        statement_id_prefix = "": Text, none [.optional_computed().force_new()];
    }
}

/// The condition on this key, whatever the case of its name and the operator.
fn condition(statement: &Json, key: &str) -> Option<String> {
    let all = member(statement, "Condition").and_then(Json::as_object)?;
    let pairs = all.values().filter_map(Json::as_object).flatten();
    let found = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?.1;
    found.as_str().map(str::to_owned).or_else(|| found.as_bool().map(|on| on.to_string()))
}

fn said(statement: &Json, key: &str) -> Value {
    condition(statement, key).into()
}

fn via_url(statement: &Json) -> Value {
    condition(statement, "lambda:InvokedViaFunctionUrl").map(|text| text == "true").into()
}

/// A service, an account or another principal. An account is written as its root.
fn principal(statement: &Json) -> Value {
    let text = member_text(statement, "Principal").or_else(|| {
        let found = member(statement, "Principal")?.as_object()?.values().next()?;
        found.as_str().map(str::to_owned)
    });
    let account = |text: &String| text.strip_suffix(":root").and_then(|arn| arn.rsplit(':').next()).map(str::to_owned);
    text.as_ref().and_then(account).or(text).into()
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let [function, qualifier, statement] = parts(text)?;
    let mut all = vec![("function_name", function.into()), ("statement_id", statement.into())];
    if !qualifier.is_empty() {
        all.push(("qualifier", qualifier.into()));
    }
    Some(all)
}

/// Function, qualifier and statement of `FUNCTION:QUALIFIER/STATEMENT`. A function may be an ARN.
fn parts(id: &str) -> Option<[&str; 3]> {
    let (function, statement) = id.rsplit_once('/').filter(|(a, b)| !a.is_empty() && !b.is_empty())?;
    let own = if function.starts_with("arn:") { 7 } else { 1 };
    let end = function.match_indices(':').nth(own - 1).map(|(at, _)| at);
    Some(match end {
        Some(at) => [&function[..at], &function[at + 1..], statement],
        None => [function, "", statement],
    })
}

fn joined(want: &Attrs) -> Option<String> {
    let qualifier = text(want, "qualifier").map(|q| format!(":{q}")).unwrap_or_default();
    Some(format!("{}{qualifier}/{}", want.str("function_name")?, want.str("statement_id")?))
}

/// The statement in the policy that an answer holds as text.
fn statement(answer: &Json, id: &str) -> Option<Json> {
    let policy: Json = serde_json::from_str(answer["Policy"].as_str()?).ok()?;
    policy["Statement"].as_array()?.iter().find(|statement| statement["Sid"] == id).cloned()
}

impl Plain for AwsLambdaPermission {
    const SERVICE: &'static Service = &LAMBDA;
    const CREATE: &'static str = "AddPermission POST /2015-03-31/functions/{FunctionName}/policy?Qualifier";
    const READ: (&'static str, &'static str) =
        ("GetPolicy GET /2015-03-31/functions/{FunctionName}/policy?Qualifier", "");
    const DELETE: &'static str =
        "RemovePermission DELETE /2015-03-31/functions/{FunctionName}/policy/{StatementId}?Qualifier";

    fn specification() -> Spec<Object> {
        Spec::new("aws_lambda_permission", |s: &Object| Some(s.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it says who may call a function"))
            .named("statement_id", "statement_id_prefix")
            .conflicts(&[&["statement_id", "statement_id_prefix"]])
            .unique(&[&["function_name", "qualifier", "statement_id"]])
            .recover(Recover::Key)
            .import("FUNCTION:QUALIFIER/STATEMENT", import)
            .id_from(joined)
    }

    fn key(id: &str) -> Json {
        let [function, qualifier, statement] = parts(id).unwrap_or_default();
        let qualifier = Some(qualifier).filter(|qualifier| !qualifier.is_empty());
        json!({"FunctionName": function, "Qualifier": qualifier, "StatementId": statement})
    }

    fn asked(_aws: &Aws, id: &str) -> Json {
        let mut key = Self::key(id);
        key["StatementId"] = Json::Null;
        key
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        joined(want)
    }

    async fn found(_aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        Ok(joined(want).into_iter().collect())
    }

    async fn more(_aws: &Aws, id: &str, json: Json) -> Result<Json> {
        let [_, _, sid] = parts(id).unwrap_or_default();
        let Some(mut found) = statement(&json, sid) else {
            return Err(Error::not_found(format!("the policy has no statement {sid}")));
        };
        for name in ["FunctionName", "Qualifier", "StatementId"] {
            found[name] = json[name].clone();
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_known_by_its_function_and_qualifier() {
        assert_eq!(parts("jobs/s"), Some(["jobs", "", "s"]));
        assert_eq!(parts("jobs:live/s"), Some(["jobs", "live", "s"]));
        let arn = "arn:aws:lambda:eu-west-1:1:function:jobs";
        assert_eq!(parts(&format!("{arn}/s")), Some([arn, "", "s"]));
        assert_eq!(parts(&format!("{arn}:live/s")), Some([arn, "live", "s"]));
        assert_eq!(parts("jobs"), None);
    }

    #[test]
    fn a_statement_is_read_as_it_was_asked_for() {
        let found = json!({"Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Condition": {"ArnLike": {"AWS:SourceArn": "arn:x"}, "Bool": {"lambda:InvokedViaFunctionUrl": "true"}}});
        assert_eq!(principal(&found), "123456789012".into());
        assert_eq!(principal(&json!({"Principal": "*"})), "*".into());
        assert_eq!(said(&found, "aws:SourceArn"), "arn:x".into());
        assert_eq!(via_url(&found), true.into());
    }
}
