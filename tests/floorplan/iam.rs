//! The actions that IAM asks for before a call is made, from how the sandbox logs the call: what the declarations of
//! the types are held against. Most actions are called as the call is; the rest is from AWS's service authorization
//! reference.

use crate::support::Call;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;

/// The calls of Route 53, by method and path.
const ROUTE53: [(&str, &str, &str); 28] = [
    ("GET", "/hostedzone", "ListHostedZones"),
    ("POST", "/hostedzone", "CreateHostedZone"),
    ("GET", "/hostedzonesbyvpc", "ListHostedZonesByVPC"),
    ("GET", "/hostedzone/[^/]+", "GetHostedZone"),
    ("POST", "/hostedzone/[^/]+", "UpdateHostedZoneComment"),
    ("DELETE", "/hostedzone/[^/]+", "DeleteHostedZone"),
    ("POST", "/hostedzone/[^/]+/features", "UpdateHostedZoneFeatures"),
    ("POST", "/hostedzone/[^/]+/associatevpc", "AssociateVPCWithHostedZone"),
    ("POST", "/hostedzone/[^/]+/disassociatevpc", "DisassociateVPCFromHostedZone"),
    ("GET", "/hostedzone/[^/]+/authorizevpcassociation", "ListVPCAssociationAuthorizations"),
    ("POST", "/hostedzone/[^/]+/authorizevpcassociation", "CreateVPCAssociationAuthorization"),
    ("POST", "/hostedzone/[^/]+/deauthorizevpcassociation", "DeleteVPCAssociationAuthorization"),
    ("GET", "/hostedzone/[^/]+/rrset", "ListResourceRecordSets"),
    ("POST", "/hostedzone/[^/]+/rrset", "ChangeResourceRecordSets"),
    ("GET", "/change/[^/]+", "GetChange"),
    ("GET", "/tags/[^/]+/[^/]+", "ListTagsForResource"),
    ("POST", "/tags/[^/]+/[^/]+", "ChangeTagsForResource"),
    ("GET", "/healthcheck", "ListHealthChecks"),
    ("POST", "/healthcheck", "CreateHealthCheck"),
    ("POST", "/healthcheck/[^/]+", "UpdateHealthCheck"),
    ("DELETE", "/healthcheck/[^/]+", "DeleteHealthCheck"),
    ("GET", "/queryloggingconfig", "ListQueryLoggingConfigs"),
    ("POST", "/queryloggingconfig", "CreateQueryLoggingConfig"),
    ("DELETE", "/queryloggingconfig/[^/]+", "DeleteQueryLoggingConfig"),
    ("GET", "/delegationset", "ListReusableDelegationSets"),
    ("POST", "/delegationset", "CreateReusableDelegationSet"),
    ("DELETE", "/delegationset/[^/]+", "DeleteReusableDelegationSet"),
    ("GET", "/delegationset/[^/]+", "GetReusableDelegationSet"),
];

/// The parts of a bucket, by the parameter that asks for one.
const BUCKET: [(&str, &str); 21] = [
    ("accelerate", "AccelerateConfiguration"),
    ("acl", "BucketAcl"),
    ("cors", "BucketCORS"),
    ("encryption", "EncryptionConfiguration"),
    ("intelligent-tiering", "IntelligentTieringConfiguration"),
    ("inventory", "InventoryConfiguration"),
    ("lifecycle", "LifecycleConfiguration"),
    ("location", "BucketLocation"),
    ("logging", "BucketLogging"),
    ("metrics", "MetricsConfiguration"),
    ("notification", "BucketNotification"),
    ("object-lock", "BucketObjectLockConfiguration"),
    ("ownershipControls", "BucketOwnershipControls"),
    ("policy", "BucketPolicy"),
    ("policyStatus", "BucketPolicyStatus"),
    ("publicAccessBlock", "BucketPublicAccessBlock"),
    ("replication", "ReplicationConfiguration"),
    ("requestPayment", "BucketRequestPayment"),
    ("tagging", "BucketTagging"),
    ("versioning", "BucketVersioning"),
    ("website", "BucketWebsite"),
];

/// The parts of an object.
const OBJECT: [(&str, &str); 4] = [
    ("acl", "ObjectAcl"),
    ("legal-hold", "ObjectLegalHold"),
    ("retention", "ObjectRetention"),
    ("tagging", "ObjectTagging"),
];

/// The actions of a call.
pub fn actions(call: &Call) -> Vec<String> {
    let rest = call.action.split_once(" /").map(|(method, path)| (method, format!("/{path}")));
    match (call.service.as_str(), rest) {
        ("s3", Some((method, path))) => {
            of_s3(method, &path, &call.parameters).iter().map(|action| format!("s3:{action}")).collect()
        }
        // The block of a whole account is read and set at an address of its own.
        ("s3", None) => {
            let verb = if call.action.starts_with("Get") { "Get" } else { "Put" };
            vec![format!("s3:{verb}AccountPublicAccessBlock")]
        }
        ("route53", Some((method, path))) => {
            let path = path.trim_start_matches("/2013-04-01").trim_end_matches('/').to_owned();
            let fits = |row: &&(&str, &str, &str)| {
                row.0 == method && Regex::new(&format!("^{}$", row.1)).expect("a pattern").is_match(&path)
            };
            let (_, _, name) = ROUTE53.iter().find(fits).unwrap_or_else(|| panic!("{method} {path}"));
            vec![format!("route53:{name}")]
        }
        ("tagging", _) => vec![format!("tag:{}", call.action)],
        ("monitoring", _) => vec![format!("cloudwatch:{}", call.action)],
        (service, None) => vec![format!("{service}:{}", call.action)],
        (service, Some(_)) => panic!("{service}: {}", call.action),
    }
}

fn of_s3(method: &str, path: &str, parameters: &Value) -> Vec<String> {
    let asks = |name: &str| parameters.get(name).is_some();
    let part = |table: &[(&str, &'static str)]| table.iter().find(|(name, _)| asks(name)).map(|(_, part)| *part);
    let verb = match method {
        "GET" | "HEAD" => "Get",
        "DELETE" => "Delete",
        _ => "Put",
    };
    let (bucket, key) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
    let one = |name: &str| vec![name.to_owned()];
    match (bucket.is_empty(), key.is_empty(), verb) {
        (true, ..) => one("ListAllMyBuckets"),
        (_, true, _) => match part(&BUCKET) {
            // Only two parts of a bucket have an action of their own for being taken away.
            Some(part @ ("BucketPolicy" | "BucketWebsite")) => vec![format!("{verb}{part}")],
            Some(part) => vec![format!("{}{part}", if verb == "Get" { "Get" } else { "Put" })],
            None if asks("versions") => one("ListBucketVersions"),
            None if asks("delete") => vec!["DeleteObject".into(), "DeleteObjectVersion".into()],
            None => one(match verb {
                "Get" => "ListBucket",
                "Delete" => "DeleteBucket",
                _ => "CreateBucket",
            }),
        },
        (_, false, verb) => match part(&OBJECT) {
            Some(part) => vec![format!("{verb}{part}")],
            None if verb == "Put" => one("PutObject"),
            None if asks("versionId") => vec![format!("{verb}ObjectVersion")],
            None => vec![format!("{verb}Object")],
        },
    }
}

/// The actions of calls.
pub fn of_calls(calls: &[Call]) -> BTreeSet<String> {
    calls.iter().flat_map(actions).collect()
}

/// The actions that a policy allows.
pub fn of_policy(text: &str) -> BTreeSet<String> {
    let policy: Value = serde_json::from_str(text).expect("a policy is JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    let actions = statements.iter().flat_map(|statement| statement["Action"].as_array().expect("actions"));
    actions.map(|action| action.as_str().expect("a name").to_owned()).collect()
}
