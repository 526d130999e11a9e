//! The rules by which a website leads requests elsewhere: as blocks, and as the JSON that S3's own tools write.

use crate::resources::document::{One, document};
use crate::resources::prelude::*;
use serde_json::{Map, Value as Json};

document! {
    Condition {
        http_error_code_returned_equals = "HttpErrorCodeReturnedEquals": Text;
        key_prefix_equals = "KeyPrefixEquals": Text;
    }
}
document! {
    Redirect {
        host_name = "HostName": Text;
        http_redirect_code = "HttpRedirectCode": Text;
        protocol = "Protocol": Text [.check(|v| checks::one_of(v, &["http", "https"]))];
        replace_key_prefix_with = "ReplaceKeyPrefixWith": Text;
        replace_key_with = "ReplaceKeyWith": Text;
    }
}
document! {
    /// A rule.
    pub Rule {
        condition = "Condition": One<Condition>;
        redirect = "Redirect": One<Redirect> [.count(1, Some(1))];
    }
}

/// The members of the parts of a rule.
const PARTS: [(&str, &[&str]); 2] = [
    ("Condition", &["HttpErrorCodeReturnedEquals", "KeyPrefixEquals"]),
    ("Redirect", &["HostName", "HttpRedirectCode", "Protocol", "ReplaceKeyPrefixWith", "ReplaceKeyWith"]),
];

/// The known parts and members of a rule; a number or bool is written as text.
fn known(rule: &Json) -> Json {
    let word = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned).into();
    let part = |(part, names): &(&str, &[&str])| {
        let of = rule.get(part)?;
        let members = names.iter().filter_map(|name| Some(((*name).to_owned(), word(of.get(name)?))));
        Some(((*part).to_owned(), Json::Object(members.collect())))
    };
    Json::Object(PARTS.iter().filter_map(part).collect::<Map<_, _>>())
}

/// The rules in a JSON text.
pub fn rules_of(text: &str) -> Result<Vec<Json>> {
    let wrong = |what: String| Error::new(Kind::Refused, format!("routing_rules {what}"));
    let json: Json = serde_json::from_str(text).map_err(|e| wrong(format!("is not valid JSON: {e}")))?;
    let rules = json.as_array().ok_or_else(|| wrong("is not a list of rules".into()))?;
    Ok(rules.iter().map(known).collect())
}

/// The rules as JSON; none where there are none.
pub fn document(rules: &[Json]) -> Option<String> {
    (!rules.is_empty()).then(|| Json::Array(rules.iter().map(known).collect()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_in_json_are_those_of_s3() {
        let text = r#"[{"Condition":{"KeyPrefixEquals":"docs/"},"Redirect":{"ReplaceKeyPrefixWith":"documents/"}}]"#;
        let rules = rules_of(text).unwrap();
        assert_eq!(rules[0]["Condition"]["KeyPrefixEquals"], "docs/");
        assert_eq!(document(&rules).as_deref(), Some(text));
        assert_eq!(document(&[]), None);
        assert!(rules_of("{}").unwrap_err().message.contains("list of rules"));
        assert!(rules_of("[").is_err());
    }
}
