//! The arguments of a `backend "s3"` block.

use super::given;
use crate::aws::objects::{Bucket, Encryption};
use crate::aws::{AssumeRole, ProviderSettings};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::{self, written_out_block};
use crate::schema::{Attribute, Attrs};
use crate::session::Layout;
use crate::session::connections::for_sandbox;
use crate::state::StateLocation;
use crate::state::remote::{LEASE, Objects, RemoteStore};
use crate::value::Type;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The folder of the bucket for states of workspaces, as Terraform calls it.
const WORKSPACES: &str = "env:";

/// The arguments of a `backend "s3"` block.
pub(super) struct S3 {
    bucket: String,
    key: String,
    workspaces: String,
    encryption: Encryption,
    lock_table: Option<String>,
    settings: ProviderSettings,
}

/// Opens the state that the block names. An `endpoint` replaces AWS.
pub(super) fn open(
    block: &config::Backend,
    layout: &Layout,
    location: &StateLocation,
    endpoint: Option<&str>,
) -> Result<RemoteStore, Diagnostics> {
    let (s3, objects) = connect(block, layout, endpoint)?;
    Ok(RemoteStore::new(Arc::new(objects), s3.key_of(location), LEASE))
}

/// The workspaces that have a state.
pub(super) fn workspaces(
    block: &config::Backend,
    layout: &Layout,
    endpoint: Option<&str>,
) -> Result<BTreeSet<String>, Diagnostics> {
    let (s3, objects) = connect(block, layout, endpoint)?;
    let folder = format!("{}/", s3.workspaces);
    let keys = objects.list(&folder)?;
    let name = |key: &String| {
        let (name, rest) = key.strip_prefix(&folder)?.split_once('/')?;
        (rest == s3.key).then(|| name.to_owned())
    };
    Ok(keys.iter().filter_map(name).collect())
}

fn connect(block: &config::Backend, layout: &Layout, endpoint: Option<&str>) -> Result<(S3, Bucket), Diagnostics> {
    let s3 = S3::read(block)?;
    let settings = for_sandbox(s3.settings.clone(), endpoint);
    let settings = ProviderSettings {
        s3_use_path_style: s3.settings.s3_use_path_style || endpoint.is_some(),
        skip_requesting_account_id: s3.settings.allowed_account_ids.is_empty()
            && s3.settings.forbidden_account_ids.is_empty(),
        dir: layout.dir.clone(),
        ..settings
    };
    let opened = Bucket::open(s3.bucket.clone(), settings, s3.encryption.clone());
    let objects = opened.map_err(|d| d.at(block.span.clone()))?.locked_in(s3.lock_table.clone());
    Ok((s3, objects))
}

impl S3 {
    /// Reads the arguments; asks nobody.
    pub(super) fn read(block: &config::Backend) -> Result<Self, Diagnostics> {
        let rows = rows();
        let (value, mut problems) = written_out_block(&block.body, &rows, &block.span);
        problems.extend(given::complete(block, &["bucket", "key"]).err());
        let attrs = Attrs::from_value(&value);
        for (name, instead) in REFUSED {
            let given = attrs.str(name).is_some() || attrs.bool(name) == Some(true);
            if given {
                problems.push(
                    Diagnostic::error(format!("{name:?} is not supported for a state in S3"))
                        .code("unsupported-argument")
                        .at(block.span.clone())
                        .hint(instead),
                );
            }
        }
        let text = |name: &str| attrs.string(name).filter(|text| !text.is_empty());
        let mut endpoints: BTreeMap<String, String> = attrs.string_map("endpoints").into_iter().collect();
        for (service, old) in [("s3", "endpoint"), ("sts", "sts_endpoint")] {
            if let Some(url) = text(old) {
                endpoints.entry(service.into()).or_insert(url);
            }
        }
        for name in endpoints.keys().filter(|name| !ENDPOINTS.contains(&name.as_str())) {
            problems.push(
                Diagnostic::error(format!("{name:?} is not an endpoint of a state in S3"))
                    .code("unsupported-argument")
                    .at(block.span.clone())
                    .hint("endpoints takes s3 and sts."),
            );
        }
        let role = role(&attrs).unwrap_or_else(|why| {
            problems.push(
                Diagnostic::error("The role of the state cannot be assumed")
                    .code("provider-configuration")
                    .detail(format!("{why}."))
                    .at(block.span.clone()),
            );
            None
        });
        let on = |name: &str| attrs.bool(name).unwrap_or(false);
        let s3 = S3 {
            bucket: text("bucket").unwrap_or_default(),
            key: text("key").unwrap_or_default(),
            workspaces: text("workspace_key_prefix").unwrap_or_else(|| WORKSPACES.into()),
            encryption: Encryption { on: on("encrypt"), key: text("kms_key_id") },
            lock_table: text("dynamodb_table"),
            settings: ProviderSettings {
                region: text("region"),
                profile: text("profile"),
                access_key: text("access_key"),
                secret_key: text("secret_key"),
                token: text("token"),
                shared_config_files: attrs.strings("shared_config_files"),
                shared_credentials_files: attrs.strings("shared_credentials_files"),
                assume_role: role.into_iter().collect(),
                endpoints,
                allowed_account_ids: attrs.strings("allowed_account_ids"),
                forbidden_account_ids: attrs.strings("forbidden_account_ids"),
                s3_use_path_style: on("use_path_style") || on("force_path_style"),
                use_fips_endpoint: on("use_fips_endpoint"),
                use_dualstack_endpoint: on("use_dualstack_endpoint"),
                custom_ca_bundle: text("custom_ca_bundle"),
                max_retries: attrs.int("max_retries").and_then(|n| u32::try_from(n).ok()),
                ..ProviderSettings::default()
            },
        };
        problems.into_result(s3)
    }

    /// The key of a workspace's state.
    fn key_of(&self, location: &StateLocation) -> String {
        match &location.workspace {
            Some(workspace) => format!("{}/{workspace}/{}", self.workspaces, self.key),
            None => self.key.clone(),
        }
    }
}

/// The services whose endpoints the block may name. Only those of S3 and STS are called.
const ENDPOINTS: [&str; 5] = ["s3", "sts", "dynamodb", "iam", "sso"];

/// The arguments of a role.
const ROLE: [&str; 7] = ["role_arn", "session_name", "external_id", "duration", "policy", "policy_arns", "tags"];

/// The role of the `assume_role` argument, or of those that Terraform had before it. The error is a sentence.
fn role(attrs: &Attrs) -> Result<Option<AssumeRole>, String> {
    let given = |attrs: &Attrs, name: &str| attrs.get(name).is_some_and(|value| !value.is_null());
    if !given(attrs, "assume_role") {
        return match (given(attrs, "role_arn"), given(attrs, "session_name") || given(attrs, "external_id")) {
            (true, _) => AssumeRole::from_attrs(attrs).map(Some).map_err(|e| e.message),
            (false, true) => Err("session_name and external_id need role_arn".into()),
            (false, false) => Ok(None),
        };
    }
    let role = attrs.get("assume_role").map(Attrs::from_value).unwrap_or_default();
    if let Some((name, _)) = role.iter().find(|(name, _)| !ROLE.contains(&&***name)) {
        return Err(format!("assume_role has no argument {:?}; it takes {}", &**name, ROLE.join(", ")));
    }
    if !given(&role, "role_arn") {
        return Err("assume_role lacks role_arn".into());
    }
    AssumeRole::from_attrs(&role).map(Some).map_err(|e| e.message)
}

/// Arguments that are not supported, and what to do instead.
const REFUSED: [(&str, &str); 6] = [
    ("skip_s3_checksum", "Leave it out: a store that refuses checksums cannot keep a state safely."),
    ("sse_customer_key", "Use kms_key_id: S3 then encrypts with a key of KMS."),
    ("acl", "Give the bucket a policy: access control lists of objects are off in new buckets."),
    ("http_proxy", "Set HTTP_PROXY in the environment."),
    ("https_proxy", "Set HTTPS_PROXY in the environment."),
    ("insecure", "Name the certificate of the endpoint with custom_ca_bundle."),
];

fn rows() -> Vec<Attribute> {
    let row = |name, ty: Type| Attribute::new(name, ty);
    let texts = [
        "bucket",
        "key",
        "region",
        "profile",
        "access_key",
        "secret_key",
        "token",
        "kms_key_id",
        "workspace_key_prefix",
        "dynamodb_table",
        "endpoint",
        "sts_endpoint",
        "role_arn",
        "session_name",
        "external_id",
        "custom_ca_bundle",
        "retry_mode",
        "sse_customer_key",
        "acl",
        "http_proxy",
        "https_proxy",
    ];
    let mut all: Vec<Attribute> = texts.map(|name| row(name, Type::String)).into();
    let switches = [
        "encrypt",
        "use_lockfile",
        "use_path_style",
        "force_path_style",
        "use_fips_endpoint",
        "use_dualstack_endpoint",
        "insecure",
        "skip_credentials_validation",
        "skip_metadata_api_check",
        "skip_region_validation",
        "skip_requesting_account_id",
        "skip_s3_checksum",
    ];
    all.extend(switches.map(|name| row(name, Type::Bool)));
    let lists = ["shared_config_files", "shared_credentials_files", "allowed_account_ids", "forbidden_account_ids"];
    all.extend(lists.map(|name| row(name, Type::list(Type::String))));
    all.push(row("endpoints", Type::map(Type::String)));
    all.push(row("assume_role", Type::Dynamic));
    all.push(row("max_retries", Type::Number));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn the_role_of_either_form_is_read() {
        let nested = Value::object(
            [("role_arn", "arn:aws:iam::1:role/r"), ("external_id", "x")].map(|(k, v)| (k, Value::from(v))),
        );
        let new = role(&Attrs::default().with("assume_role", nested)).unwrap().unwrap();
        assert_eq!((new.role_arn.as_str(), new.external_id.as_deref()), ("arn:aws:iam::1:role/r", Some("x")));
        assert_eq!(role(&Attrs::default().with("role_arn", "arn")).unwrap().unwrap().role_arn, "arn");
        assert_eq!(role(&Attrs::default()), Ok(None));
        let wrong = |name: &'static str| Value::object([(name, Value::from("arn"))]);
        assert!(role(&Attrs::default().with("assume_role", wrong("role_arm"))).unwrap_err().contains("role_arm"));
        assert!(role(&Attrs::default().with("assume_role", wrong("policy"))).unwrap_err().contains("lacks role_arn"));
        assert!(role(&Attrs::default().with("external_id", "x")).is_err());
    }

    #[test]
    fn a_workspace_has_the_key_that_terraform_gives_it() {
        let s3 = S3 {
            bucket: "b".into(),
            key: "net/state".into(),
            workspaces: WORKSPACES.into(),
            encryption: Encryption::default(),
            lock_table: None,
            settings: ProviderSettings::default(),
        };
        let location = StateLocation::default();
        assert_eq!(s3.key_of(&location), "net/state");
        assert_eq!(s3.key_of(&location.of_workspace("blue")), "env:/blue/net/state");
    }
}
