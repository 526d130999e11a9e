//! Plain questions to the web, with the certificates and proxies of the calls to AWS: for modules that layouts use, and for
//! states on web servers. `forge` calls GitHub and GitLab through it.

use super::api::services::S3;
use super::clients::{ANSWER_TIMEOUT, CONNECT_TIMEOUT};
use super::transport::{Transport, host, is_loopback};
use super::{Aws, Error, Kind, ProviderSettings, Result};
use crate::sources::web::{Answer, absolute};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use std::error::Error as _;
use std::time::Duration;

/// How often an address may point to another.
const REDIRECTS: usize = 10;
/// Attempts of a question.
const ATTEMPTS: u64 = 3;
/// The longest answer that is read, in bytes.
const MAX_BYTES: usize = 1 << 30;
/// The longest time that one answer may take.
const WHOLE_ANSWER: Duration = Duration::from_secs(600);

impl Aws {
    /// What AWS publishes at an address, for which nobody signs.
    pub async fn page(&self, url: &str) -> Result<Vec<u8>> {
        let answer = self.origin.transport().get(url, &[]).await.map_err(|e| Error::new(Kind::Unreachable, e))?;
        match answer.status {
            200 => Ok(answer.body),
            404 => Err(Error::not_found(format!("{url} is not there"))),
            status => Err(Error::new(Kind::Refused, format!("{url} answered with HTTP status {status}"))),
        }
    }
}

impl Transport {
    /// Asks with GET and follows redirects, to other hosts without the authorization. Errors are reasons in words.
    pub async fn get(&self, url: &str, headers: &[(&str, &str)]) -> std::result::Result<Answer, String> {
        let mut url = url.to_owned();
        for _ in 0..=REDIRECTS {
            let mut answer = self.attempts(&url, headers).await?;
            let to = answer.headers.iter().find(|(name, _)| name == "location").map(|(_, to)| to.clone());
            let Some(to) = to.filter(|_| matches!(answer.status, 301 | 302 | 303 | 307 | 308)) else {
                answer.url = url;
                return Ok(answer);
            };
            let to = absolute(&url, &to);
            if url.starts_with("https://") && !to.starts_with("https://") {
                return Err(format!("{url} points to {to}, which is not encrypted"));
            }
            if host(&to) != host(&url) && headers.iter().any(|(name, _)| *name == "authorization") {
                return Box::pin(self.get(&to, &[])).await;
            }
            url = to;
        }
        Err(format!("{url} points elsewhere again and again"))
    }

    async fn attempts(&self, url: &str, headers: &[(&str, &str)]) -> std::result::Result<Answer, String> {
        for attempt in 1.. {
            let answer = tokio::time::timeout(WHOLE_ANSWER, self.once("GET", url, headers, Vec::new())).await;
            let answer = answer.unwrap_or_else(|_| Err(format!("{url} takes too long to answer")));
            let again = answer.as_ref().is_ok_and(|a| matches!(a.status, 429 | 500 | 502 | 503 | 504));
            if attempt >= ATTEMPTS || !again {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(500 * attempt)).await;
        }
        Err(format!("{url} does not answer"))
    }

    /// Asks once, and follows no redirect. Errors are reasons in words.
    pub async fn once(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> std::result::Result<Answer, String> {
        let loopback = url.starts_with("http://") && is_loopback(host(url));
        let settings =
            HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(ANSWER_TIMEOUT).build();
        let connector: SharedHttpConnector = self.plain(loopback, &settings, TokioSleep::new());
        let body = if body.is_empty() { SdkBody::empty() } else { SdkBody::from(body) };
        let mut request = HttpRequest::new(body);
        request.set_method(method).map_err(|_| format!("{method:?} is not a method of HTTP"))?;
        request.set_uri(url.to_owned()).map_err(|_| format!("{url:?} is not a valid address"))?;
        let agent = concat!("floorplan/", env!("CARGO_PKG_VERSION"));
        for (name, value) in [("user-agent", agent)].iter().chain(headers) {
            let put = request.headers_mut().try_insert(name.to_string(), value.to_string());
            put.map_err(|_| format!("the value of {name} is not valid"))?;
        }
        let mut response = connector.call(request).await.map_err(|e| {
            let mut reason = e.to_string();
            let mut source = e.source();
            while let Some(inner) = source {
                reason = format!("{reason}: {inner}");
                source = inner.source();
            }
            format!("{} cannot be reached ({reason})", host(url))
        })?;
        let status = response.status().as_u16();
        let headers = response.headers().iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        let headers = headers.collect();
        let mut stream = ByteStream::new(std::mem::replace(response.body_mut(), SdkBody::taken()));
        let mut body = Vec::new();
        while let Some(bytes) = stream.next().await {
            body.extend_from_slice(&bytes.map_err(|e| format!("the answer of {} broke off: {e}", host(url)))?);
            if body.len() > MAX_BYTES {
                return Err(format!("the answer of {} is longer than 1 GiB", host(url)));
            }
        }
        Ok(Answer { status, url: url.to_owned(), headers, body })
    }

    /// An object of a bucket, with the credentials of the environment.
    pub async fn object(&self, region: Option<&str>, bucket: &str, key: &str) -> Result<Vec<u8>> {
        let settings = ProviderSettings {
            region: region.map(str::to_owned),
            skip_requesting_account_id: true,
            ..ProviderSettings::default()
        };
        let aws = self.connect(&settings).await?;
        let object = serde_json::json!({"Bucket": bucket, "Key": key});
        Ok(aws.read.api.exchange(&S3, "GetObject GET /{Key}", object, None).await?.1)
    }
}
