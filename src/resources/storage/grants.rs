//! Who is granted what on a bucket or on its logs.

use crate::resources::document::{One, document};
use crate::resources::prelude::*;
use serde_json::Value as Json;

const KINDS: [&str; 3] = ["AmazonCustomerByEmail", "CanonicalUser", "Group"];
const ON_BUCKET: [&str; 5] = ["FULL_CONTROL", "READ", "READ_ACP", "WRITE", "WRITE_ACP"];
const ON_LOGS: [&str; 3] = ["FULL_CONTROL", "READ", "WRITE"];

document! {
    Grantee {
        display_name = "DisplayName": Text, read [.computed()];
        email_address = "EmailAddress": Text;
        id = "ID": Text;
        r#type = "xsi:type": Text [.required().check(|v| checks::one_of(v, &KINDS))];
        uri = "URI": Text;
    }
}
document! {
    /// A grant on a bucket.
    pub Grant {
        grantee = "Grantee": One<Grantee>;
        permission = "Permission": Text [.required().check(|v| checks::one_of(v, &ON_BUCKET))];
    }
}
document! {
    /// A grant on the logs of a bucket.
    pub TargetGrant {
        grantee = "Grantee": One<Grantee> [.count(1, Some(1))];
        permission = "Permission": Text [.required().check(|v| checks::one_of(v, &ON_LOGS))];
    }
}
document! {
    /// Who owns a bucket.
    pub Owner {
        display_name = "DisplayName": Text [.optional_computed()];
        id = "ID": Text [.required()];
    }
}

/// The groups that AWS has made.
const ALL: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const KNOWN: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOGS: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// The canned ACLs whose grants beside those of the owner are known.
const CANNED: [(&str, &[(&str, &str)]); 5] = [
    ("private", &[]),
    ("public-read", &[(ALL, "READ")]),
    ("public-read-write", &[(ALL, "READ"), (ALL, "WRITE")]),
    ("authenticated-read", &[(KNOWN, "READ")]),
    ("log-delivery-write", &[(LOGS, "READ_ACP"), (LOGS, "WRITE")]),
];

/// The canned ACL that a bucket has, where `named` is what it was given.
pub fn canned(named: &str, owner: Option<&str>, grants: &[Json]) -> Option<String> {
    if !CANNED.iter().any(|(name, _)| *name == named) {
        return Some(named.to_owned());
    }
    let mut others: Vec<(&str, &str)> = Vec::new();
    for grant in grants {
        let to = &grant["Grantee"];
        if to["ID"].as_str().is_some_and(|id| Some(id) == owner) {
            continue;
        }
        others.push((to["URI"].as_str().unwrap_or_default(), grant["Permission"].as_str().unwrap_or_default()));
    }
    others.sort_unstable();
    CANNED.iter().find(|(_, expected)| *expected == others).map(|(name, _)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn grant(id: Option<&str>, uri: Option<&str>, permission: &str) -> Json {
        json!({"Grantee": {"ID": id, "URI": uri}, "Permission": permission})
    }

    #[test]
    fn an_acl_is_the_canned_one_only_while_its_grants_are_there() {
        let own = grant(Some("me"), None, "FULL_CONTROL");
        let public = grant(None, Some(ALL), "READ");
        assert_eq!(canned("private", Some("me"), std::slice::from_ref(&own)).as_deref(), Some("private"));
        let both = [own, public];
        assert_eq!(canned("private", Some("me"), &both).as_deref(), Some("public-read"));
        assert_eq!(canned("public-read", Some("else"), &both), None);
        assert_eq!(canned("aws-exec-read", Some("me"), &both).as_deref(), Some("aws-exec-read"));
    }
}
