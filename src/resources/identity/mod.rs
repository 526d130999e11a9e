//! The identity family: IAM roles, users, groups, policies and instance profiles. IAM is one for all regions, and what
//! it makes is not seen everywhere at once.

mod access_key;
pub(super) mod allowed;
mod data;
mod instance_profile;
mod members;
mod password_policy;
mod policies;
mod policy;
mod policy_attachment;
mod providers;
mod role;
mod role_policies;
mod role_policy;
mod role_policy_attachment;
mod server_certificate;
mod service_linked_role;
mod user;
mod user_parts;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use super::plain::joined;
use super::tags;
use crate::aws::api::services::IAM;
use crate::aws::api::{Pages, items};
use crate::aws::{Aws, Result};
use crate::schema::{Attrs, Change, checks};
use crate::value::Value;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<access_key::AwsIamAccessKey>(all);
    add::<server_certificate::AwsIamServerCertificate>(all);
    add::<instance_profile::AwsIamInstanceProfile>(all);
    add::<policy::AwsIamPolicy>(all);
    add::<role::AwsIamRole>(all);
    add::<role_policy::AwsIamRolePolicy>(all);
    add::<role_policy_attachment::AwsIamRolePolicyAttachment>(all);
    add::<members::AwsIamGroup>(all);
    add::<members::AwsIamGroupMembership>(all);
    add::<password_policy::AwsIamAccountPasswordPolicy>(all);
    add::<policies::Attachment<policies::OfGroup>>(all);
    add::<policies::Attachment<policies::OfUser>>(all);
    add::<policies::AwsIamUserPolicy>(all);
    add::<policy_attachment::AwsIamPolicyAttachment>(all);
    add::<providers::AwsIamOpenidConnectProvider>(all);
    add::<providers::AwsIamSamlProvider>(all);
    add::<service_linked_role::AwsIamServiceLinkedRole>(all);
    add::<user::AwsIamUser>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<data::instance_profile::InstanceProfileData>(all);
    add_data::<data::policy::PolicyData>(all);
    add_data::<data::policy_document::PolicyDocument>(all);
    add_data::<data::role::RoleData>(all);
    add_data::<data::people::AccountAlias>(all);
    add_data::<data::people::GroupData>(all);
    add_data::<data::people::RolesData>(all);
    add_data::<data::people::SessionContext>(all);
    add_data::<data::people::UserData>(all);
    add_data::<data::people::UsersData>(all);
}

/// How a listing of IAM goes on.
const PAGES: Pages = Pages("Marker", "Marker");

/// The tags of a new object, as a member of the call that makes it.
fn new_tags(want: &Attrs) -> Json {
    json!({"Tags": {"member": tags::wanted::<Json>(want)}})
}

/// The tags of an object.
fn tags_of(object: &Json) -> Vec<Json> {
    items(object, "Tags.member")
}

/// Changes the tags of the object that `by` names, by the call that sets some and the call that takes some away.
async fn retag(aws: &Aws, change: &mut Change<'_>, (set, unset): (&'static str, &'static str), by: Json) -> Result<()> {
    let call = |operation, more| aws.write.api.call(&IAM, operation, joined(more, by.clone()));
    let set = |tags: Vec<Json>| call(set, json!({"Tags": {"member": tags}}));
    let unset = |keys: Vec<String>| call(unset, json!({"TagKeys": {"member": keys}}));
    tags::change(change, set, unset).await.map(drop)
}

/// A policy document as IAM gives it back: encoded as a part of an address (RFC 3986).
fn decoded(document: &str) -> String {
    let bytes = document.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code =
            bytes.get(at + 1..at + 3).filter(|_| byte == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A check of the name of an object of IAM, or of its beginning.
fn name(value: &Value) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_".contains(c);
    checks::text(value, |text| text.chars().all(allowed), "holds more than letters, digits and the signs +=,.@-_")?;
    checks::text(value, |text| text.len() <= 128, "is longer than 128 characters")
}

/// A check of the path of an object of IAM.
fn path(value: &Value) -> Result<(), String> {
    let fits = |text: &str| text.starts_with('/') && text.ends_with('/');
    checks::text(value, fits, "is not a valid path; it begins and ends with /")
}

/// Policies by name.
type Policies = BTreeMap<String, String>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_decoded_and_plain_text_stays() {
        assert_eq!(decoded("%7B%22a%22%3A%20%22%C3%A9%22%7D"), "{\"a\": \"é\"}");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("{\"a\": \"+%zz\"}"), "{\"a\": \"+%zz\"}");
    }

    #[test]
    fn names_and_paths_are_those_that_iam_takes() {
        assert!(
            name(&"web+db=1,2.3@x-y_z".into()).is_ok() && path(&"/a/b/".into()).is_ok() && path(&"/".into()).is_ok()
        );
        assert!(name(&"a b".into()).is_err() && name(&"a".repeat(129).into()).is_err());
        assert!(path(&"a/".into()).is_err() && path(&"/a".into()).is_err());
    }
}
