//! The one HTTP client of a process: rustls with ring, proxies from the environment (never for a
//! loopback endpoint), and every attempt of every service through the limiter.

use super::action::Action;
use super::error::{ACTION_HEADER, Error, Kind, Result, is_throttling};
use super::limits::{CallCounts, Limits};
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use base64::Engine;
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Connections and limits; clones share them. All providers of a run share one.
#[derive(Clone, Default)]
pub struct Transport {
    limits: Limits,
    connectors: Arc<Mutex<HashMap<Variant, SharedHttpConnector>>>,
    /// A file of certificates to trust besides the system's.
    ca_bundle: Option<PathBuf>,
    gate: Arc<OnceLock<Gate>>,
}

/// Says whether something may still be changed, and why not.
pub type Gate = Box<dyn Fn() -> std::result::Result<(), String> + Send + Sync>;

/// The key of a pool of connections.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Variant {
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    loopback: bool,
    ca_bundle: Option<PathBuf>,
}

impl Transport {
    /// Asks `gate` before each call that changes something. The first gate stays.
    pub(super) fn guard(&self, gate: Gate) {
        let _ = self.gate.set(gate);
    }

    /// How many attempts went out so far.
    pub fn calls(&self) -> CallCounts {
        self.limits.calls()
    }

    fn connector(
        &self,
        variant: Variant,
        settings: &HttpConnectorSettings,
        sleep: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.pooled(variant, settings, sleep.sleep_impl())
    }

    /// A connector for plain questions, which pass no limiter.
    pub(super) fn plain(
        &self,
        loopback: bool,
        settings: &HttpConnectorSettings,
        sleep: impl AsyncSleep + 'static,
    ) -> SharedHttpConnector {
        let variant = Variant {
            connect_timeout: settings.connect_timeout(),
            read_timeout: settings.read_timeout(),
            loopback,
            ca_bundle: self.ca_bundle.clone(),
        };
        self.pooled(variant, settings, Some(SharedAsyncSleep::new(sleep)))
    }

    fn pooled(
        &self,
        variant: Variant,
        settings: &HttpConnectorSettings,
        sleep: Option<SharedAsyncSleep>,
    ) -> SharedHttpConnector {
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let proxy = if variant.loopback { ProxyConfig::disabled() } else { ProxyConfig::from_env() };
            let mut builder = Connector::builder().connector_settings(settings.clone()).proxy_config(proxy);
            builder.set_sleep_impl(sleep);
            if variant.loopback {
                return SharedHttpConnector::new(builder.build_http());
            }
            let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
            let builder = builder.tls_provider(provider);
            match variant.ca_bundle.as_deref().and_then(trust) {
                Some(context) => SharedHttpConnector::new(builder.tls_context(context).build()),
                None => SharedHttpConnector::new(builder.build()),
            }
        };
        connectors.entry(variant.clone()).or_insert_with(make).clone()
    }

    /// The same transport, trusting the certificates of a file too; without one, of AWS_CA_BUNDLE's.
    pub fn trusting(&self, bundle: Option<&str>) -> Result<Self> {
        let from_env = || std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()).map(PathBuf::from);
        let ca_bundle = bundle.map(PathBuf::from).or_else(from_env);
        if let Some(path) = ca_bundle.as_deref().filter(|path| !path.is_file()) {
            let message = "the file of certificates was not found; check custom_ca_bundle or AWS_CA_BUNDLE";
            return Err(Error::new(Kind::Refused, format!("{}: {message}", path.display())));
        }
        Ok(Transport { ca_bundle, ..self.clone() })
    }

    /// The file of certificates to trust besides the system's.
    pub(super) fn bundle(&self) -> Option<&Path> {
        self.ca_bundle.as_deref()
    }
}

/// The system's certificates and those of a file. What in the file is not a certificate is left out
/// here, as the connector panics at it.
fn trust(bundle: &Path) -> Option<tls::TlsContext> {
    let usable = |cert: &CertificateDer<'static>| RootCertStore::empty().add(cert.clone()).is_ok();
    let certs = CertificateDer::pem_file_iter(bundle).ok()?.filter_map(std::result::Result::ok).filter(usable);
    let store = certs.fold(tls::TrustStore::default().with_native_roots(true), |store, cert| {
        let body = base64::engine::general_purpose::STANDARD.encode(&cert);
        store.with_pem_certificate(format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"))
    });
    tls::TlsContext::builder().with_trust_store(store).build().ok()
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

impl HttpClient for Transport {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Paced {
            transport: self.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    }
}

/// A connector that waits for its turn, sends, and reports the answer to the limiter.
#[derive(Debug)]
struct Paced {
    transport: Transport,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for Paced {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = host(request.uri());
        let loopback = request.uri().starts_with("http://") && is_loopback(host);
        let custom = !is_aws(host);
        let variant = Variant {
            connect_timeout: self.settings.connect_timeout(),
            read_timeout: self.settings.read_timeout(),
            loopback,
            ca_bundle: self.transport.ca_bundle.clone(),
        };
        let inner = self.transport.connector(variant, &self.settings, &self.components);
        let (limits, gate) = (self.transport.limits.clone(), self.transport.gate.clone());
        HttpConnectorFuture::new(async move {
            let action = Action::of(&request);
            limits.turn(&action, custom).await;
            if let Some(gate) = gate.get().filter(|_| !action.is_read()) {
                gate().map_err(|why| ConnectorError::user(why.into()))?;
            }
            let mut response = inner.call(request).await?;
            let status = response.status();
            let throttled = (status.is_client_error() || status.is_server_error()) && {
                let text = whole_body(&mut response).await?;
                status.as_u16() == 429 || is_throttling(&text)
            };
            limits.answered(&action, throttled);
            if status.is_client_error() || status.is_server_error() {
                let _ = response.headers_mut().try_insert(ACTION_HEADER, action.permission());
            }
            Ok(response)
        })
    }
}

/// Reads the body of an error answer, which is small, and puts it back.
async fn whole_body(response: &mut HttpResponse) -> std::result::Result<String, ConnectorError> {
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let bytes = ByteStream::new(body).collect().await.map_err(|e| ConnectorError::io(e.into()))?.into_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    *response.body_mut() = SdkBody::from(bytes);
    Ok(text)
}

/// The host in a URI, without port.
pub fn host(uri: &str) -> &str {
    let authority = uri.split_once("://").map_or(uri, |(_, rest)| rest).split(['/', '?']).next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether a host is this machine.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_aws(host: &str) -> bool {
    ["amazonaws.com", "amazonaws.com.cn", "api.aws"].iter().any(|domain| host.ends_with(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_certificates_may_hold_what_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bundle.pem");
        std::fs::write(&path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nnonsense").unwrap();
        let transport = Transport::default().trusting(path.to_str()).unwrap();
        assert!(transport.ca_bundle.as_deref().and_then(trust).is_some());
        let missing = Transport::default().trusting(Some("/nonexistent")).unwrap_err();
        assert!(missing.message.contains("custom_ca_bundle"), "{missing}");
    }

    #[test]
    fn hosts_are_told_apart() {
        assert_eq!(host("http://127.0.0.1:5000/"), "127.0.0.1");
        assert_eq!(host("https://[::1]:5000/x"), "::1");
        assert!(is_loopback("::1") && is_loopback("LOCALHOST") && !is_loopback("10.0.0.1"));
        assert!(is_aws(host("https://ec2.eu-west-1.amazonaws.com/")) && !is_aws("moto.example.com"));
    }
}
