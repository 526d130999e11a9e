//! A `provider "aws"` block: its rows, and what they come to. Pure.

use super::{Error, Kind, Result};
use crate::schema::rows::{Block, object_type};
use crate::schema::{Attribute, Attrs, Mode, Nesting};
use crate::value::{Type, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The way to AWS in a provider configuration. Absent parts come from the environment and
/// the profile, as the SDK finds them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderSettings {
    /// `region`
    pub region: Option<String>,
    /// `profile`
    pub profile: Option<String>,
    /// `access_key`
    pub access_key: Option<String>,
    /// `secret_key`
    pub secret_key: Option<String>,
    /// `token`
    pub token: Option<String>,
    /// `shared_config_files`
    pub shared_config_files: Vec<String>,
    /// `shared_credentials_files`
    pub shared_credentials_files: Vec<String>,
    /// `assume_role`: each role is assumed with the credentials of the one before it.
    pub assume_role: Vec<AssumeRole>,
    /// `endpoints`, by service.
    pub endpoints: BTreeMap<String, String>,
    /// One endpoint for all services, such as the sandbox's; `endpoints` go before it.
    pub endpoint_url: Option<String>,
    /// `allowed_account_ids`
    pub allowed_account_ids: Vec<String>,
    /// `forbidden_account_ids`
    pub forbidden_account_ids: Vec<String>,
    /// `max_retries`: repetitions of a read.
    pub max_retries: Option<u32>,
    /// `skip_requesting_account_id`
    pub skip_requesting_account_id: bool,
    /// `use_fips_endpoint`
    pub use_fips_endpoint: bool,
    /// `use_dualstack_endpoint`
    pub use_dualstack_endpoint: bool,
    /// `s3_use_path_style`
    pub s3_use_path_style: bool,
    /// `custom_ca_bundle`
    pub custom_ca_bundle: Option<String>,
    /// `default_tags { tags }`
    pub default_tags: BTreeMap<String, String>,
    /// `ignore_tags { keys }`
    pub ignore_tag_keys: Vec<String>,
    /// `ignore_tags { key_prefixes }`
    pub ignore_tag_prefixes: Vec<String>,
    /// Where the names of files in arguments start: the layout's directory.
    pub dir: PathBuf,
}

/// One `assume_role` block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssumeRole {
    /// `role_arn`
    pub role_arn: String,
    /// `session_name`
    pub session_name: Option<String>,
    /// `external_id`
    pub external_id: Option<String>,
    /// `duration`
    pub duration: Option<Duration>,
    /// `policy`
    pub policy: Option<String>,
    /// `policy_arns`
    pub policy_arns: Vec<String>,
    /// `tags`
    pub tags: BTreeMap<String, String>,
}

/// The services whose endpoint can be set.
const SERVICES: &[&str] = &[
    "acm",
    "applicationautoscaling",
    "autoscaling",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "backup",
    "cognitoidp",
    "configservice",
    "directconnect",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "eks",
    "elasticache",
    "elb",
    "elbv2",
    "events",
    "globalaccelerator",
    "guardduty",
    "iam",
    "kms",
    "lambda",
    "logs",
    "networkfirewall",
    "networkmanager",
    "outposts",
    "ram",
    "rds",
    "redshift",
    "resourcegroupstaggingapi",
    "route53",
    "route53resolver",
    "s3",
    "s3control",
    "secretsmanager",
    "servicediscovery",
    "servicequotas",
    "shield",
    "sns",
    "sqs",
    "ssm",
    "sso",
    "sts",
    "vpclattice",
    "wafv2",
];

/// Other names of services in an `endpoints` block.
const SERVICE_ALIASES: &[(&str, &str)] = &[
    ("cloudwatchlogs", "logs"),
    ("appautoscaling", "applicationautoscaling"),
    ("cognitoidentityprovider", "cognitoidp"),
    ("cloudwatchevents", "events"),
    ("config", "configservice"),
    ("eventbridge", "events"),
    ("elasticloadbalancing", "elb"),
    ("elasticloadbalancingv2", "elbv2"),
];

/// The rows of a `provider "aws"` block.
pub fn rows() -> Vec<Attribute> {
    let strings = || Type::list(Type::String);
    let tags = || Type::map(Type::String);
    let row = Attribute::new;
    let mut all: Vec<Attribute> = ["region", "profile", "access_key"].map(|n| row(n, Type::String)).into();
    all.extend(["secret_key", "token"].map(|n| Attribute { sensitive: true, ..row(n, Type::String) }));
    all.extend(["shared_config_files", "shared_credentials_files"].map(|n| row(n, strings())));
    all.extend(["allowed_account_ids", "forbidden_account_ids"].map(|n| row(n, Type::set(Type::String))));
    all.extend(
        ["retry_mode", "custom_ca_bundle", "http_proxy", "https_proxy", "no_proxy"].map(|n| row(n, Type::String)),
    );
    all.extend(["ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode"].map(|n| row(n, Type::String)));
    all.extend(["sts_region", "s3_us_east_1_regional_endpoint", "tag_policy_compliance"].map(|n| row(n, Type::String)));
    all.extend(["max_retries", "token_bucket_rate_limiter_capacity"].map(|n| row(n, Type::Number)));
    all.extend(["skip_metadata_api_check", "user_agent_product"].map(|n| row(n, Type::String)));
    all.extend(
        [
            "insecure",
            "s3_use_path_style",
            "skip_credentials_validation",
            "skip_region_validation",
            "skip_requesting_account_id",
            "use_dualstack_endpoint",
            "use_fips_endpoint",
        ]
        .map(|n| row(n, Type::Bool)),
    );
    let mut role: Vec<Attribute> =
        ["session_name", "external_id", "duration", "policy", "source_identity"].map(|n| row(n, Type::String)).into();
    role.insert(0, Attribute { mode: Mode::Required, ..row("role_arn", Type::String) });
    role.extend(["policy_arns", "transitive_tag_keys"].map(|n| row(n, Type::set(Type::String))));
    role.push(row("tags", tags()));
    all.push(block("assume_role", Nesting::List, role));
    all.push(block("default_tags", Nesting::Single, vec![row("tags", tags())]));
    let ignored = ["keys", "key_prefixes"].map(|n| row(n, Type::set(Type::String))).into();
    all.push(block("ignore_tags", Nesting::Single, ignored));
    let services = SERVICES.iter().copied().chain(SERVICE_ALIASES.iter().map(|(alias, _)| *alias));
    all.push(block("endpoints", Nesting::Set, services.map(|n| row(n, Type::String)).collect()));
    all
}

fn block(name: &'static str, nesting: Nesting, rows: Vec<Attribute>) -> Attribute {
    let object = object_type(&rows);
    let ty = match nesting {
        Nesting::Single => object,
        Nesting::List => Type::list(object),
        Nesting::Set => Type::set(object),
    };
    let block = Block { nesting, attributes: Arc::new(rows), min: 0, max: None, as_attribute: false, each: None };
    Attribute { block: Some(block), ..Attribute::new(name, ty) }
}

impl ProviderSettings {
    /// The settings with everything that names an account replaced, where the sandbox replaces AWS.
    pub fn in_sandbox(self, endpoint: Option<&str>) -> Self {
        let Some(endpoint) = endpoint else { return self };
        let region = self
            .region
            .clone()
            .or_else(|| std::env::var("AWS_REGION").ok())
            .or_else(|| std::env::var("AWS_DEFAULT_REGION").ok());
        ProviderSettings {
            region: Some(region.unwrap_or_else(|| "eu-west-1".into())),
            access_key: Some("sandbox".into()),
            secret_key: Some("sandbox".into()),
            endpoint_url: Some(endpoint.to_owned()),
            default_tags: self.default_tags,
            ignore_tag_keys: self.ignore_tag_keys,
            ignore_tag_prefixes: self.ignore_tag_prefixes,
            ..ProviderSettings::default()
        }
    }

    /// The evaluated arguments of a provider block.
    pub fn from_attrs(attrs: &Attrs) -> Result<Self> {
        refuse(attrs)?;
        let mut endpoints = BTreeMap::new();
        for block in attrs.blocks("endpoints") {
            for (name, url) in block.iter() {
                if let Some(url) = url.as_str().filter(|u| !u.is_empty()) {
                    endpoints.insert(canonical(name), url.to_owned());
                }
            }
        }
        let tags = attrs.blocks("default_tags");
        let ignored = attrs.blocks("ignore_tags");
        let ignored = |name: &str| ignored.iter().flat_map(|b| b.strings(name)).collect();
        Ok(ProviderSettings {
            dir: PathBuf::new(),
            region: text(attrs, "region"),
            profile: text(attrs, "profile"),
            access_key: text(attrs, "access_key"),
            secret_key: text(attrs, "secret_key"),
            token: text(attrs, "token"),
            shared_config_files: attrs.strings("shared_config_files"),
            shared_credentials_files: attrs.strings("shared_credentials_files"),
            assume_role: attrs.blocks("assume_role").iter().map(AssumeRole::from_attrs).collect::<Result<_>>()?,
            endpoints,
            endpoint_url: None,
            allowed_account_ids: attrs.strings("allowed_account_ids"),
            forbidden_account_ids: attrs.strings("forbidden_account_ids"),
            max_retries: attrs.int("max_retries").and_then(|n| u32::try_from(n).ok()),
            skip_requesting_account_id: attrs.bool("skip_requesting_account_id").unwrap_or(false),
            use_fips_endpoint: attrs.bool("use_fips_endpoint").unwrap_or(false),
            use_dualstack_endpoint: attrs.bool("use_dualstack_endpoint").unwrap_or(false),
            s3_use_path_style: attrs.bool("s3_use_path_style").unwrap_or(false),
            custom_ca_bundle: text(attrs, "custom_ca_bundle"),
            default_tags: tags.iter().flat_map(|b| b.string_map("tags")).collect(),
            ignore_tag_keys: ignored("keys"),
            ignore_tag_prefixes: ignored("key_prefixes"),
        })
    }

    /// Whether this account may be worked on.
    pub fn check_account(&self, account: &str) -> Result<()> {
        let named = |ids: &[String]| ids.iter().any(|id| id == account);
        let message = if !self.allowed_account_ids.is_empty() && !named(&self.allowed_account_ids) {
            let allowed = self.allowed_account_ids.join(", ");
            format!("the credentials belong to AWS account {account}, but allowed_account_ids names {allowed}")
        } else if named(&self.forbidden_account_ids) {
            format!("the credentials belong to AWS account {account}, which forbidden_account_ids names")
        } else {
            return Ok(());
        };
        Err(Error::new(Kind::Refused, format!("{message}; use another profile, or change the provider block")))
    }

    /// Whether a tag key is none of the layout's business.
    pub fn ignores_tag(&self, key: &str) -> bool {
        self.ignore_tag_keys.iter().any(|k| k == key)
            || self.ignore_tag_prefixes.iter().any(|p| key.starts_with(p.as_str()))
    }
}

impl AssumeRole {
    /// The arguments of an `assume_role` block.
    pub fn from_attrs(attrs: &Attrs) -> Result<Self> {
        let duration = text(attrs, "duration").map(|d| duration(&d)).transpose()?;
        Ok(AssumeRole {
            role_arn: text(attrs, "role_arn").unwrap_or_default(),
            session_name: text(attrs, "session_name"),
            external_id: text(attrs, "external_id"),
            duration,
            policy: text(attrs, "policy"),
            policy_arns: attrs.strings("policy_arns"),
            tags: attrs.string_map("tags"),
        })
    }
}

fn text(attrs: &Attrs, name: &str) -> Option<String> {
    attrs.get(name).and_then(Value::as_str).filter(|s| !s.is_empty()).map(str::to_owned)
}

/// Arguments that we know and cannot honour, and what to do instead. Better refused than ignored.
const REFUSED: &[(&str, &str)] = &[
    ("ec2_metadata_service_endpoint", "set AWS_EC2_METADATA_SERVICE_ENDPOINT in the environment"),
    ("ec2_metadata_service_endpoint_mode", "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE in the environment"),
    ("http_proxy", "set HTTP_PROXY in the environment"),
    ("https_proxy", "set HTTPS_PROXY in the environment"),
    ("insecure", "name the endpoint's certificate with custom_ca_bundle"),
    ("no_proxy", "set NO_PROXY in the environment"),
    ("sts_region", "name the endpoint with endpoints { sts = … }"),
];

fn refuse(attrs: &Attrs) -> Result<()> {
    let given = |name: &str| text(attrs, name).is_some() || attrs.bool(name) == Some(true);
    let wrong: Vec<String> = REFUSED
        .iter()
        .filter(|(name, _)| given(name))
        .map(|(name, instead)| format!("{name} is not supported in the provider block; {instead}"))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::new(Kind::Refused, wrong.join("\n"))) }
}

fn canonical(service: &str) -> String {
    SERVICE_ALIASES.iter().find(|(alias, _)| *alias == service).map_or(service, |(_, name)| name).to_owned()
}

/// A duration such as `1h30m`, between the 15 minutes and 12 hours that STS takes.
fn duration(text: &str) -> Result<Duration> {
    let mut seconds = 0_u64;
    let mut digits = String::new();
    let mut ok = !text.is_empty();
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => 0,
        };
        let n = std::mem::take(&mut digits).parse::<u64>().ok().filter(|_| unit > 0);
        ok &= n.is_some();
        seconds = seconds.saturating_add(n.unwrap_or(0).saturating_mul(unit));
    }
    if ok && digits.is_empty() && (900..=43_200).contains(&seconds) {
        return Ok(Duration::from_secs(seconds));
    }
    let message = format!("duration = {text:?} in assume_role; expected 15m to 12h, such as \"1h30m\"");
    Err(Error::new(Kind::Refused, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_block_becomes_settings() {
        let role = Value::object([("role_arn", Value::from("arn:aws:iam::1:role/r")), ("duration", "1h30m".into())]);
        let attrs: Attrs = [
            ("region", Value::from("eu-west-1")),
            ("profile", Value::null(Type::String)),
            ("max_retries", 3_i64.into()),
            ("assume_role", Value::tuple(vec![role])),
            ("endpoints", Value::tuple(vec![Value::object([("eventbridge", Value::from("http://localhost:1"))])])),
            ("default_tags", Value::object([("tags", Value::object([("team", Value::from("net"))]))])),
            ("ignore_tags", Value::object([("key_prefixes", Value::strings(["k8s/"]))])),
        ]
        .into_iter()
        .collect();
        let settings = ProviderSettings::from_attrs(&attrs).unwrap();
        assert_eq!((settings.region.as_deref(), settings.profile.as_deref()), (Some("eu-west-1"), None));
        assert_eq!(settings.max_retries, Some(3));
        assert_eq!(settings.assume_role[0].duration, Some(Duration::from_secs(5400)));
        assert_eq!(settings.endpoints["events"], "http://localhost:1");
        assert_eq!(settings.default_tags["team"], "net");
        assert!(settings.ignores_tag("k8s/node") && !settings.ignores_tag("team"));
    }

    #[test]
    fn only_the_right_account_may_be_worked_on() {
        let allowed = ProviderSettings { allowed_account_ids: vec!["1".into()], ..Default::default() };
        assert!(allowed.check_account("1").is_ok());
        assert!(allowed.check_account("2").unwrap_err().message.contains("allowed_account_ids names 1"));
        let forbidden = ProviderSettings { forbidden_account_ids: vec!["1".into()], ..Default::default() };
        assert!(forbidden.check_account("2").is_ok());
        assert!(forbidden.check_account("1").is_err());
    }

    #[test]
    fn what_cannot_be_honoured_is_refused_and_not_ignored() {
        let settings =
            |name: &'static str, value: Value| ProviderSettings::from_attrs(&Attrs::from_iter([(name, value)]));
        assert!(settings("insecure", true.into()).unwrap_err().message.contains("custom_ca_bundle"));
        assert!(settings("https_proxy", "http://p".into()).unwrap_err().message.contains("HTTPS_PROXY"));
        assert!(settings("insecure", false.into()).is_ok());
    }

    #[test]
    fn durations_are_those_that_sts_takes() {
        for bad in ["", "1", "1d", "14m", "13h", "h", "1h30"] {
            assert!(duration(bad).is_err(), "{bad:?}");
        }
        assert_eq!(duration("900s").unwrap(), Duration::from_secs(900));
    }
}
