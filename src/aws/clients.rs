//! From provider settings to clients: credentials, region, endpoints, retries, and one question to
//! STS about whose account it is. Every way in which this can fail says what to set.

use super::api::Api;
use super::settings::{AssumeRole, ProviderSettings};
use super::transport::Transport;
use super::{Aws, CallCounts, Caller, Clients, Error, Kind, Result};
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Attempts of a read, unless the provider says otherwise.
const READ_ATTEMPTS: u32 = 8;
/// Attempts to learn whose the credentials are.
const IDENTITY_ATTEMPTS: u32 = 3;
/// The longest pause between attempts of a read.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// From the first packet to a connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// From the request to the first byte of the answer. Not the SDK's attempt timeout, which would
/// also count the time that a call waits for its turn.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Connects with a transport of its own; see [`Transport::connect`].
pub async fn connect(settings: &ProviderSettings) -> Result<Aws> {
    Transport::default().connect(settings).await
}

impl Transport {
    /// Clients for one provider configuration, after STS has said whose credentials they are and
    /// the provider has said that it may be that account.
    pub async fn connect(&self, settings: &ProviderSettings) -> Result<Aws> {
        let transport = self.trusting(settings.custom_ca_bundle.as_deref())?;
        let config = config(settings, &transport).await?;
        let region = config.region().map(ToString::to_string).ok_or_else(no_region)?;
        let origin = Origin {
            config,
            endpoints: settings.endpoints.clone(),
            s3_path_style: settings.s3_use_path_style,
            attempts: settings.max_retries.map_or(READ_ATTEMPTS, |n| n.saturating_add(1)),
            transport,
            regions: Mutex::default(),
            shared: Mutex::default(),
        };
        let (read, write) = origin.clients(&region);
        let mut aws = Aws {
            read,
            write,
            account: "".into(),
            partition: partition_of(&region).into(),
            region: region.into(),
            caller: Default::default(),
            default_tags: settings.default_tags.clone().into(),
            dir: settings.dir.as_path().into(),
            origin: origin.into(),
        };
        if !settings.skip_requesting_account_id {
            identify(&mut aws, settings).await?;
        }
        settings.check_account(&aws.account)?;
        Ok(aws)
    }
}

/// The parts that clients for further regions are made from.
#[derive(Debug)]
pub(super) struct Origin {
    config: SdkConfig,
    endpoints: BTreeMap<String, String>,
    s3_path_style: bool,
    attempts: u32,
    transport: Transport,
    regions: Mutex<BTreeMap<String, (Clients, Clients)>>,
    shared: Mutex<HashMap<(TypeId, Arc<str>), Arc<dyn Any + Send + Sync>>>,
}

impl Origin {
    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(super) fn realm(&self, account: &str) -> String {
        let account = match account {
            "" => format!("{:p}", self),
            known => known.to_owned(),
        };
        let own = self.endpoints.iter().map(|(service, url)| format!(" {service}={url}"));
        let all = self.config.endpoint_url().unwrap_or_default();
        format!("{account} {all}{}", own.collect::<String>())
    }

    pub(super) fn calls(&self) -> CallCounts {
        self.transport.calls()
    }

    pub(super) fn in_region(&self, aws: &Aws, region: &str) -> Aws {
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, write) = regions.entry(region.to_owned()).or_insert_with(|| self.clients(region)).clone();
        Aws { read, write, region: region.into(), ..aws.clone() }
    }

    pub(super) fn shared<T: Default + Send + Sync + 'static>(&self, region: &Arc<str>) -> Arc<T> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let one = shared.entry((TypeId::of::<T>(), region.clone())).or_insert_with(|| Arc::new(T::default())).clone();
        one.downcast().unwrap_or_default()
    }

    /// The clients for reads and those for writes.
    fn clients(&self, region: &str) -> (Clients, Clients) {
        let config = self.config.to_builder().region(Region::new(region.to_owned())).build();
        let retries = RetryConfig::standard().with_max_attempts(self.attempts).with_max_backoff(LONGEST_PAUSE);
        let read = config.to_builder().retry_config(retries).build();
        let write = config.into_builder().retry_config(RetryConfig::disabled()).build();
        (self.set(&read, true), self.set(&write, false))
    }

    fn set(&self, config: &SdkConfig, reads: bool) -> Clients {
        /// A client of one service, at the endpoint that the provider names for it.
        macro_rules! client {
            ($sdk:ident, $service:literal) => {{
                let config = $sdk::config::Builder::from(config);
                match self.endpoints.get($service) {
                    Some(url) => $sdk::Client::from_conf(config.endpoint_url(url).build()),
                    None => $sdk::Client::from_conf(config.build()),
                }
            }};
        }
        Clients {
            api: Api::new(config, &self.endpoints, &self.transport, reads, self.s3_path_style),
            ec2: client!(aws_sdk_ec2, "ec2"),
            sts: client!(aws_sdk_sts, "sts"),
        }
    }
}

/// The SDK's configuration: its own chain of environment, profiles and instance roles, with what
/// the provider block sets put before it.
async fn config(settings: &ProviderSettings, transport: &Transport) -> Result<SdkConfig> {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(ANSWER_TIMEOUT).build();
    let mut loader =
        aws_config::defaults(BehaviorVersion::latest()).http_client(transport.clone()).timeout_config(timeouts);
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(url) = &settings.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if settings.use_fips_endpoint {
        loader = loader.use_fips(true);
    }
    if settings.use_dualstack_endpoint {
        loader = loader.use_dual_stack(true);
    }
    let files = files(settings);
    if let Some(files) = &files {
        loader = loader.profile_files(files.clone());
    }
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    let own = match (&settings.access_key, &settings.secret_key) {
        (Some(key), Some(secret)) => {
            let keys = Credentials::new(key, secret, settings.token.clone(), None, "provider block");
            Some(SharedCredentialsProvider::new(keys))
        }
        (None, None) => None,
        _ => {
            let message = "access_key and secret_key belong together; set both or neither in the provider block";
            return Err(Error::new(Kind::Credentials, message));
        }
    };
    // A profile named in the layout comes before credentials in the environment.
    loader = match (own, &settings.profile) {
        (Some(keys), _) => loader.credentials_provider(keys),
        (None, Some(profile)) => {
            let mut provider = ProfileFileCredentialsProvider::builder().profile_name(profile);
            if let Some(files) = files {
                provider = provider.profile_files(files);
            }
            let configured = aws_config::provider_config::ProviderConfig::default()
                .with_http_client(transport.clone())
                .with_region(settings.region.clone().map(Region::new));
            loader.credentials_provider(provider.configure(&configured).build())
        }
        (None, None) => loader,
    };
    let mut config = loader.load().await;
    // The environment or the profile may name the caller in another way.
    if config.app_name().is_none()
        && let Ok(name) = AppName::new("floorplan")
    {
        config = config.into_builder().app_name(name).build();
    }
    for role in &settings.assume_role {
        config = assume(config, role, settings.endpoints.get("sts")).await;
    }
    Ok(config)
}

/// The shared files that the provider block names instead of those in the home directory.
fn files(settings: &ProviderSettings) -> Option<EnvConfigFiles> {
    if settings.shared_config_files.is_empty() && settings.shared_credentials_files.is_empty() {
        return None;
    }
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(settings.shared_config_files.is_empty())
        .include_default_credentials_file(settings.shared_credentials_files.is_empty());
    for file in &settings.shared_config_files {
        files = files.with_file(EnvConfigFileKind::Config, file);
    }
    for file in &settings.shared_credentials_files {
        files = files.with_file(EnvConfigFileKind::Credentials, file);
    }
    Some(files.build())
}

async fn assume(config: SdkConfig, role: &AssumeRole, sts: Option<&String>) -> SdkConfig {
    let mut asking = config.to_builder();
    if let Some(url) = sts {
        asking = asking.endpoint_url(url);
    }
    let mut provider = AssumeRoleProvider::builder(&role.role_arn)
        .configure(&asking.build())
        .session_name(role.session_name.as_deref().unwrap_or("floorplan"));
    if let Some(id) = &role.external_id {
        provider = provider.external_id(id);
    }
    if let Some(length) = role.duration {
        provider = provider.session_length(length);
    }
    if let Some(policy) = &role.policy {
        provider = provider.policy(policy);
    }
    if !role.policy_arns.is_empty() {
        provider = provider.policy_arns(role.policy_arns.clone());
    }
    if !role.tags.is_empty() {
        provider = provider.tags(role.tags.clone());
    }
    let assumed = SharedCredentialsProvider::new(provider.build().await);
    config.into_builder().credentials_provider(assumed).build()
}

/// Asks STS whose credentials these are. Repeated less often than other reads: a mistake in the
/// settings shall show at once.
async fn identify(aws: &mut Aws, settings: &ProviderSettings) -> Result<()> {
    let retries = RetryConfig::standard().with_max_attempts(IDENTITY_ATTEMPTS);
    let own = aws_sdk_sts::config::Builder::new().retry_config(retries);
    let answer = aws.read.sts.get_caller_identity().customize().config_override(own).send().await;
    let answer = answer.map_err(|e| explain(e.into(), settings))?;
    let arn = answer.arn().unwrap_or_default();
    aws.account = answer.account().unwrap_or_default().into();
    if let Some(partition) = arn.split(':').nth(1) {
        aws.partition = partition.into();
    }
    aws.caller = Caller { arn: arn.into(), user_id: answer.user_id().unwrap_or_default().into() }.into();
    Ok(())
}

/// The error of the first call, with what to do about it.
fn explain(mut error: Error, settings: &ProviderSettings) -> Error {
    let hint = match error.kind {
        Kind::Credentials if error.code.starts_with("ExpiredToken") || error.code == "RequestExpired" => {
            "the credentials have expired; get new ones (for SSO: `aws sso login`)".to_owned()
        }
        Kind::Credentials if error.code.is_empty() => match (&settings.profile, settings.assume_role.last()) {
            (_, Some(role)) => format!("the role {} cannot be assumed", role.role_arn),
            (Some(profile), None) => {
                format!("the profile {profile:?} gives no credentials; check it with `aws configure list-profiles`")
            }
            (None, None) => "no usable AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and \
                             AWS_SECRET_ACCESS_KEY, or the provider's `profile` or `assume_role`"
                .to_owned(),
        },
        Kind::Credentials => "AWS does not accept the credentials; check which profile or keys are in use".to_owned(),
        Kind::Unreachable => "the AWS endpoint cannot be reached; check the network, and AWS_ENDPOINT_URL or the \
                              provider's `endpoints` if they are set"
            .to_owned(),
        _ => "AWS did not say whose credentials these are (sts:GetCallerIdentity)".to_owned(),
    };
    error.message = format!("{hint}: {}", error.message);
    error
}

fn no_region() -> Error {
    let message = "no AWS region; set `region` in the provider block, or AWS_REGION, or `region` in the profile";
    Error::new(Kind::Credentials, message)
}

/// The partition of a region, by its prefix.
fn partition_of(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ if region.starts_with("us-isob-") => "aws-iso-b",
        _ if region.starts_with("us-iso-") => "aws-iso",
        _ if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}
