//! How SNS writes what it knows by name: as entries of a key and a value.

use crate::aws::api::{Pages, items, member_text};
use crate::resources::attributes::Attributes;
use serde_json::{Value as Json, json};

/// How listings of SNS go on.
pub const PAGES: Pages = Pages("NextToken", "NextToken");

/// The attributes in an answer.
pub fn read(answer: &Json) -> Attributes {
    let pair = |entry: &Json| Some((member_text(entry, "key")?, member_text(entry, "value").unwrap_or_default()));
    items(answer, "Attributes.entry").iter().filter_map(pair).collect()
}

/// Attributes as a call takes them.
pub fn written(attributes: Option<Attributes>) -> Json {
    let all = attributes.into_iter().flatten();
    json!({"entry": all.map(|(key, value)| json!({"key": key, "value": value})).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_entries() {
        let all = Attributes::from([("Policy".to_owned(), "{}".to_owned())]);
        let entry = json!({"key": "Policy", "value": "{}"});
        assert_eq!(written(Some(all.clone())), json!({"entry": [entry]}));
        assert_eq!(read(&json!({"Attributes": {"entry": entry}})), all);
        assert_eq!((written(None), read(&json!({"Attributes": ""}))), (json!({"entry": []}), Attributes::new()));
    }
}
