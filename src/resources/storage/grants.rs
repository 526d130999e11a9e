//! Who is granted what on a bucket or on its logs.

use crate::resources::prelude::*;
use aws_sdk_s3::types::{Grant as S3Grant, Grantee as S3Grantee, Owner as S3Owner, TargetGrant as S3TargetGrant};

const KINDS: [&str; 3] = ["AmazonCustomerByEmail", "CanonicalUser", "Group"];
const ON_BUCKET: [&str; 5] = ["FULL_CONTROL", "READ", "READ_ACP", "WRITE", "WRITE_ACP"];
const ON_LOGS: [&str; 3] = ["FULL_CONTROL", "READ", "WRITE"];

block! {
    /// Whom a grant is for.
    Grantee: S3Grantee => S3Grantee, ok {
        display_name: Text, read [.computed()];
        email_address: Text;
        id: Text;
        r#type: EnumCell [.required().check(|v| checks::one_of(v, &KINDS))];
        uri: Text;
    }
    /// A grant on a bucket.
    Grant: S3Grant => S3Grant {
        grantee: OptionalBlock<Grantee>;
        permission: EnumCell [.required().check(|v| checks::one_of(v, &ON_BUCKET))];
    }
    /// A grant on the logs of a bucket.
    TargetGrant: S3TargetGrant => S3TargetGrant {
        grantee: OptionalBlock<Grantee> [.count(1, Some(1))];
        permission: EnumCell [.required().check(|v| checks::one_of(v, &ON_LOGS))];
    }
    /// Who owns a bucket.
    Owner: S3Owner => S3Owner {
        display_name: Text [.optional_computed()];
        id: Text [.required()];
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
pub fn canned(named: &str, owner: Option<&str>, grants: &[S3Grant]) -> Option<String> {
    if !CANNED.iter().any(|(name, _)| *name == named) {
        return Some(named.to_owned());
    }
    let mut others: Vec<(&str, &str)> = Vec::new();
    for grant in grants {
        let to = grant.grantee();
        if to.and_then(S3Grantee::id).is_some_and(|id| Some(id) == owner) {
            continue;
        }
        let group = to.and_then(S3Grantee::uri).unwrap_or_default();
        others.push((group, grant.permission().map_or("", |p| p.as_str())));
    }
    others.sort_unstable();
    CANNED.iter().find(|(_, expected)| *expected == others).map(|(name, _)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_s3::types::{Permission, Type as Kind};

    fn grant(id: Option<&str>, uri: Option<&str>, permission: Permission) -> S3Grant {
        let kind = if id.is_some() { Kind::CanonicalUser } else { Kind::Group };
        let to = S3Grantee::builder().set_id(id.map(Into::into)).set_uri(uri.map(Into::into)).r#type(kind);
        S3Grant::builder().grantee(to.build().unwrap()).permission(permission).build()
    }

    #[test]
    fn an_acl_is_the_canned_one_only_while_its_grants_are_there() {
        let own = grant(Some("me"), None, Permission::FullControl);
        let public = grant(None, Some(ALL), Permission::Read);
        assert_eq!(canned("private", Some("me"), std::slice::from_ref(&own)).as_deref(), Some("private"));
        let both = [own, public];
        assert_eq!(canned("private", Some("me"), &both).as_deref(), Some("public-read"));
        assert_eq!(canned("public-read", Some("else"), &both), None);
        assert_eq!(canned("aws-exec-read", Some("me"), &both).as_deref(), Some("aws-exec-read"));
    }
}
