//! Services that are spoken to without a crate of their own, because Floorplan uses a handful of their calls. A call is
//! the JSON that the service documents, whatever its wire form; the transport, the limiter, the signature, the retries
//! and the kinds of errors are those of all other calls.

mod answer;
mod form;
mod host;
mod s3;
pub mod services;

use super::action::Action;
use super::transport::Transport;
use super::{Error, Kind, Result};
use answer::Fault;
use aws_config::SdkConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::identity::{SharedIdentityCache, SharedIdentityResolver};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SigningName;
use aws_types::region::{Region, SigningRegion};
use aws_types::service_config::ServiceConfigKey;
pub use form::{Form, OPERATION, items, member, member_text};
pub use host::home;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A service, as its API reference describes it.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// Its name in the provider's `endpoints` block.
    pub name: &'static str,
    /// The first part of its host names, such as `sqs`.
    pub host: &'static str,
    /// Its name in signatures.
    pub signing: &'static str,
    /// How its calls are written.
    pub form: Form,
    /// The region that all of it is in, where it is in one alone; [`GLOBAL`] where that is one in each partition.
    pub place: Option<&'static str>,
}

/// The place of a service that is one for all regions of a partition.
pub const GLOBAL: &str = "aws-global";

/// Calls with the credentials of one provider configuration, in one region.
#[derive(Clone)]
pub struct Api {
    config: SdkConfig,
    endpoints: Arc<BTreeMap<String, String>>,
    transport: Transport,
    identities: SharedIdentityCache,
    reads: bool,
    /// Whether buckets are never a part of the host.
    path_style: bool,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api")
    }
}

/// The pages of a listing: the member of a call that continues it, and that of an answer that says how.
#[derive(Debug, Clone, Copy)]
pub struct Pages(pub &'static str, pub &'static str);

impl Api {
    /// For calls that change nothing where `reads` is set, else for those that do.
    pub(super) fn new(
        config: &SdkConfig,
        endpoints: &BTreeMap<String, String>,
        transport: &Transport,
        reads: bool,
        path_style: bool,
    ) -> Self {
        Api {
            reads,
            path_style,
            config: config.clone(),
            endpoints: Arc::new(endpoints.clone()),
            transport: transport.clone(),
            identities: IdentityCache::lazy().build(),
        }
    }

    /// Calls `operation` with the members of `input`; gives the members of the answer.
    pub async fn call(&self, service: &'static Service, operation: &'static str, input: Json) -> Result<Json> {
        Ok(self.send(service, operation, form::request(service.form, operation, input)).await?.0)
    }

    /// Calls an operation of S3, with content where there is some to send; gives the members of the answer and its content.
    pub async fn exchange(
        &self,
        service: &'static Service,
        operation: &'static str,
        input: Json,
        content: Option<Vec<u8>>,
    ) -> Result<(Json, Vec<u8>)> {
        self.send(service, operation, s3::request(operation, input, content)).await
    }

    /// That an operation is called through the client for calls of its kind.
    fn admit(&self, operation: &'static str) -> Result<()> {
        let action = Action { name: form::name(operation).into(), ..Action::default() };
        if action.is_read() != self.reads {
            let message = format!("{} is called through the client for calls of the other kind", action.name);
            return Err(Error::new(Kind::Refused, message));
        }
        Ok(())
    }

    /// All that a listing gives at `path` of its pages.
    pub async fn list(
        &self,
        service: &'static Service,
        operation: &'static str,
        mut input: Json,
        Pages(next, token): Pages,
        path: &str,
    ) -> Result<Vec<Json>> {
        let mut found = Vec::new();
        loop {
            let answer = self.call(service, operation, input.clone()).await?;
            found.extend(items(&answer, path));
            let Some(token) = member_text(&answer, token).filter(|token| !token.is_empty()) else { return Ok(found) };
            input[next] = token.into();
        }
    }

    async fn send(
        &self,
        service: &'static Service,
        operation: &'static str,
        mut request: form::Request,
    ) -> Result<(Json, Vec<u8>)> {
        self.admit(operation)?;
        let form = service.form;
        let address = s3::address(self.endpoint(service, request.account()), self.path_style, &mut request);
        let mut call = Operation::builder()
            .service_name(service.name)
            .operation_name(form::name(operation))
            .behavior_version(BehaviorVersion::latest())
            .http_client(self.transport.clone())
            .endpoint_url(&address)
            .retry_classifier(TransientErrorClassifier::<Fault>::new())
            .retry_classifier(AwsErrorCodeClassifier::<Fault>::new())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .runtime_plugin(self.signed(service))
            .serializer(form::http)
            .deserializer(move |response| answer::read(form, response));
        call = match self.config.retry_config().filter(|retries| retries.max_attempts() > 1) {
            Some(retries) => call.standard_retry(&RetryConfig::clone(retries)),
            None => call.no_retry(),
        };
        if let Some(timeouts) = self.config.timeout_config() {
            call = call.timeout_config(timeouts.clone());
        }
        if let Some(sleep) = self.config.sleep_impl() {
            call = call.sleep_impl(sleep);
        }
        if let Some(time) = self.config.time_source() {
            call = call.time_source(time);
        }
        call.build().invoke(request).await.map_err(Error::from)
    }

    /// The region that a service is asked in.
    fn region(&self, service: &Service) -> Option<Region> {
        let own = self.config.region();
        host::region(service, own.map(AsRef::as_ref).unwrap_or_default()).map(Region::from_static).or(own.cloned())
    }

    /// The signature of AWS, version 4, with the credentials of the provider configuration.
    fn signed(&self, service: &Service) -> StaticRuntimePlugin {
        let mut layer = Layer::new("signature");
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        let mut signing = SigningOptions::default();
        signing.content_sha256_header = matches!(service.form, Form::Xml(_) | Form::S3);
        (signing.double_uri_encode, signing.normalize_uri_path) =
            if service.form == Form::S3 { (false, false) } else { (true, true) };
        layer.store_put(SigV4OperationSigningConfig {
            region: self.region(service).map(SigningRegion::from),
            region_set: None,
            name: Some(SigningName::from_static(service.signing)),
            signing_options: signing,
        });
        let mut components = RuntimeComponentsBuilder::new("signature")
            .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
            .with_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
                StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]),
            )))
            .with_identity_cache(Some(self.identities.clone()));
        if let Some(credentials) = self.config.credentials_provider() {
            components.set_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials));
        }
        StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
    }

    /// Where the service is: at the address that the provider block or the environment names, else at AWS.
    /// There the account that a call is for is part of the name.
    fn endpoint(&self, service: &Service, account: Option<&str>) -> String {
        let named = self.named(service);
        let region = self.region(service);
        let region = region.as_ref().map(AsRef::as_ref).unwrap_or_default();
        let fips = self.config.use_fips().unwrap_or(false);
        let dual_stack = self.config.use_dual_stack().unwrap_or(false);
        let name = account.map_or_else(|| service.host.to_owned(), |account| format!("{account}.{}", service.host));
        named.unwrap_or_else(|| host::address(service, &name, region, fips, dual_stack))
    }

    /// The address of a service in the provider block, else `AWS_ENDPOINT_URL_SERVICE`, `AWS_ENDPOINT_URL` or the profile.
    fn named(&self, service: &Service) -> Option<String> {
        let general = || self.config.endpoint_url().map(str::to_owned);
        let of_environment = || {
            let key = ServiceConfigKey::builder()
                .service_id(services::id(service))
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url")
                .build();
            self.config.service_config()?.load_config(key.ok()?)
        };
        match self.endpoints.get(service.name) {
            Some(given) => Some(given.clone()),
            None if self.config.get_origin("endpoint_url").is_client_config() => general(),
            None => of_environment().or_else(general),
        }
    }
}
