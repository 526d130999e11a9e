//! The arguments of a state in S3, as Terraform's backend of that name has them: of a `backend` or `state` block, and of
//! `terraform_remote_state`.

use crate::aws::objects::{Bucket, Encryption};
use crate::aws::{AssumeRole, ProviderSettings};
use crate::diag::Diagnostic;
use crate::schema::{Attribute, Attrs};
use crate::value::Type;
use std::collections::BTreeMap;
use std::path::Path;

/// The folder of the bucket for states of workspaces, as Terraform calls it.
const WORKSPACES: &str = "env:";

/// The arguments.
#[derive(Debug, Clone)]
pub struct S3 {
    /// `bucket`.
    pub bucket: String,
    /// `key`: that of the default workspace.
    pub key: String,
    /// `workspace_key_prefix`.
    pub workspaces: String,
    /// `kms_key_id` and `encrypt`.
    pub encryption: Encryption,
    /// `seal_kms_key_id`, which Terraform does not know: the key of KMS that seals secrets.
    pub seal_key: Option<String>,
    lock_table: Option<String>,
    settings: ProviderSettings,
}

impl S3 {
    /// The arguments that have to be given.
    pub const REQUIRED: [&str; 2] = ["bucket", "key"];

    /// Reads the arguments, and gives what is wrong with them. Asks nobody.
    pub fn read(attrs: &Attrs) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        for (name, instead) in REFUSED {
            if attrs.str(name).is_some() || attrs.bool(name) == Some(true) {
                problems.push(
                    Diagnostic::error(format!("{name:?} is not supported for a state in S3"))
                        .code("unsupported-argument")
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
                    .hint("endpoints takes s3, sts, kms and dynamodb."),
            );
        }
        let role = role(attrs).unwrap_or_else(|why| {
            problems.push(
                Diagnostic::error("The role of the state cannot be assumed")
                    .code("provider-configuration")
                    .detail(format!("{why}.")),
            );
            None
        });
        let on = |name: &str| attrs.bool(name).unwrap_or(false);
        let s3 = S3 {
            bucket: text("bucket").unwrap_or_default(),
            key: text("key").unwrap_or_default(),
            workspaces: text("workspace_key_prefix").unwrap_or_else(|| WORKSPACES.into()),
            encryption: Encryption { on: on("encrypt"), key: text("kms_key_id") },
            seal_key: text("seal_kms_key_id"),
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
        (s3, problems)
    }

    /// The key of a workspace's state.
    pub fn key_of(&self, workspace: Option<&str>) -> String {
        match workspace {
            Some(workspace) => format!("{}/{workspace}/{}", self.workspaces, self.key),
            None => self.key.clone(),
        }
    }

    /// Opens the bucket; makes no call but to look for an account that is asked for. An `endpoint` replaces AWS.
    pub fn connect(&self, dir: &Path, endpoint: Option<&str>) -> Result<Bucket, Diagnostic> {
        let settings = ProviderSettings {
            s3_use_path_style: self.settings.s3_use_path_style || endpoint.is_some(),
            skip_requesting_account_id: self.settings.allowed_account_ids.is_empty()
                && self.settings.forbidden_account_ids.is_empty(),
            dir: dir.to_owned(),
            ..self.settings(endpoint)
        };
        let bucket = Bucket::open(self.bucket.clone(), settings, self.encryption.clone())?;
        Ok(bucket.locked_in(self.lock_table.clone()))
    }

    /// Whose credentials are used, and where.
    pub fn settings(&self, endpoint: Option<&str>) -> ProviderSettings {
        self.settings.clone().in_sandbox(endpoint)
    }
}

/// The services whose endpoints the block may name. Those of IAM and SSO are not called.
const ENDPOINTS: [&str; 6] = ["s3", "sts", "kms", "dynamodb", "iam", "sso"];

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

/// A row for each argument.
pub fn rows() -> Vec<Attribute> {
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
        "seal_kms_key_id",
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
            seal_key: None,
            lock_table: None,
            settings: ProviderSettings::default(),
        };
        assert_eq!(s3.key_of(None), "net/state");
        assert_eq!(s3.key_of(Some("blue")), "env:/blue/net/state");
    }
}
