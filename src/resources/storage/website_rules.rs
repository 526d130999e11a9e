//! The rules by which a website leads requests elsewhere: as blocks, and as the JSON that S3's own tools write.

use crate::resources::prelude::*;
use aws_sdk_s3::types::{Condition as S3Condition, Redirect as S3Redirect, RoutingRule};
use serde_json::{Map, Value as Json};

block! {
    /// The requests that a rule is about.
    Condition: S3Condition => S3Condition {
        http_error_code_returned_equals: Text;
        key_prefix_equals: Text;
    }
    /// Where they go.
    Redirect: S3Redirect => S3Redirect {
        host_name: Text;
        http_redirect_code: Text;
        protocol: EnumCell [.check(|v| checks::one_of(v, &["http", "https"]))];
        replace_key_prefix_with: Text;
        replace_key_with: Text;
    }
    /// A rule.
    Rule: RoutingRule => RoutingRule {
        condition: OptionalBlock<Condition>;
        redirect: OptionalBlock<Redirect> [.count(1, Some(1))];
    }
}

/// The names in JSON of the attributes of a rule.
const CONDITION: [(&str, &str); 2] =
    [("HttpErrorCodeReturnedEquals", "http_error_code_returned_equals"), ("KeyPrefixEquals", "key_prefix_equals")];
const REDIRECT: [(&str, &str); 5] = [
    ("HostName", "host_name"),
    ("HttpRedirectCode", "http_redirect_code"),
    ("Protocol", "protocol"),
    ("ReplaceKeyPrefixWith", "replace_key_prefix_with"),
    ("ReplaceKeyWith", "replace_key_with"),
];

fn part(json: &Json, names: &[(&str, &'static str)]) -> Attrs {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    names.iter().filter_map(|(theirs, own)| Some((*own, text(json.get(theirs)?).into()))).collect()
}

/// The rules in a JSON text.
pub fn rules_of(text: &str) -> Result<Vec<RoutingRule>> {
    let wrong = |what: String| Error::new(Kind::Refused, format!("routing_rules {what}"));
    let json: Json = serde_json::from_str(text).map_err(|e| wrong(format!("is not valid JSON: {e}")))?;
    let rules = json.as_array().ok_or_else(|| wrong("is not a list of rules".into()))?;
    let rule = |json: &Json| {
        let condition = json.get("Condition").map(|c| Condition::write(&part(c, &CONDITION)));
        let redirect = json.get("Redirect").map(|r| Redirect::write(&part(r, &REDIRECT)));
        RoutingRule::builder().set_condition(condition).set_redirect(redirect).build()
    };
    Ok(rules.iter().map(rule).collect())
}

fn json(block: &Value, names: &[(&str, &str)]) -> Json {
    let pair = |(theirs, own): &(&str, &str)| Some(((*theirs).to_owned(), block.get(own)?.as_str()?.into()));
    Json::Object(names.iter().filter_map(pair).collect())
}

/// The rules as JSON; none where there are none.
pub fn document(rules: &[RoutingRule]) -> Option<String> {
    let rule = |rule: &RoutingRule| {
        let condition = rule.condition().map(|c| ("Condition".to_owned(), json(&Condition::read(c), &CONDITION)));
        let redirect = rule.redirect().map(|r| ("Redirect".to_owned(), json(&Redirect::read(r), &REDIRECT)));
        Json::Object([condition, redirect].into_iter().flatten().collect::<Map<_, _>>())
    };
    (!rules.is_empty()).then(|| Json::Array(rules.iter().map(rule).collect()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_in_json_are_those_of_s3() {
        let text = r#"[{"Condition":{"KeyPrefixEquals":"docs/"},"Redirect":{"ReplaceKeyPrefixWith":"documents/"}}]"#;
        let rules = rules_of(text).unwrap();
        assert_eq!(rules[0].condition().unwrap().key_prefix_equals(), Some("docs/"));
        assert_eq!(document(&rules).as_deref(), Some(text));
        assert_eq!(document(&[]), None);
        assert!(rules_of("{}").unwrap_err().message.contains("list of rules"));
        assert!(rules_of("[").is_err());
    }
}
