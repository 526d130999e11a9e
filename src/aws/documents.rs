//! A document on a web server, with the calls of Terraform's backend `http`: GET, POST, LOCK and UNLOCK.

use super::driver::Driver;
use super::transport::Transport;
use crate::diag::Diagnostic;
use crate::sources::web::{Answer, absolute};
use crate::state::document::{Document, Locking, Written};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fmt;
use std::time::Duration;

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(60);
/// How much of an answer an error shows.
const SHOWN: usize = 200;

/// A method and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Such as `POST`.
    pub method: String,
    /// The address.
    pub url: String,
}

/// Where the document is, and how it is asked for.
#[derive(Clone)]
pub struct DocumentSettings {
    /// The address.
    pub address: String,
    /// The method of a writing.
    pub update: String,
    /// How it is locked and unlocked, if the server can do that.
    pub lock: Option<(Call, Call)>,
    /// The name and the password of a user.
    pub user: Option<(String, String)>,
    /// How often a call is repeated whose answer is lost or puts off.
    pub retries: u32,
    /// The first pause, and the longest.
    pub pauses: (Duration, Duration),
}

/// The document.
pub struct WebDocument {
    settings: DocumentSettings,
    transport: Transport,
    driver: Driver,
}

impl WebDocument {
    /// Makes no call.
    pub fn new(settings: DocumentSettings) -> Result<Self, Diagnostic> {
        let transport = Transport::default()
            .trusting(None)
            .map_err(|e| Diagnostic::error("Cannot reach the state").code("state-remote").detail(format!("{e}.")))?;
        Ok(WebDocument { settings, transport, driver: Driver::start()? })
    }

    /// The answer to a call; what puts off is asked again.
    fn ask(&self, call: &Call, body: &[u8]) -> Result<Answer, Diagnostic> {
        let (call, body) = (call.clone(), body.to_vec());
        let (transport, settings) = (self.transport.clone(), self.settings.clone());
        let answer = self.driver.wait(async move {
            let authorization = settings
                .user
                .as_ref()
                .map(|(name, password)| format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{password}"))));
            let mut headers: Vec<(&str, &str)> = authorization.iter().map(|a| ("authorization", a.as_str())).collect();
            if !body.is_empty() {
                headers.push(("content-type", "application/json"));
            }
            let mut pause = settings.pauses.0;
            for attempt in 0.. {
                let asked = transport.once(&call.method, &call.url, &headers, body.clone());
                let answer = tokio::time::timeout(ANSWER, asked).await;
                let answer = answer.unwrap_or_else(|_| Err("no answer came in time".to_owned()));
                let again = answer.as_ref().map_or(true, |a| matches!(a.status, 429 | 500 | 502 | 503 | 504));
                if !again || attempt >= settings.retries {
                    return answer;
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(settings.pauses.1);
            }
            Err("no attempt was made".to_owned())
        })?;
        answer.map_err(|why| self.problem("Cannot reach the state", &why))
    }

    fn problem(&self, summary: &str, why: &str) -> Diagnostic {
        Diagnostic::error(summary).code("state-remote").detail(format!("{}: {why}.", self.place()))
    }

    /// The error of an answer that says no.
    fn refused(&self, summary: &str, answer: &Answer) -> Diagnostic {
        let text = String::from_utf8_lossy(&answer.body);
        let shown: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect();
        let said = if shown.is_empty() { String::new() } else { format!(" ({shown})") };
        let d = self.problem(summary, &format!("the server answered with HTTP status {}{said}", answer.status));
        match answer.status {
            401 | 403 => d.hint("Check username and password of the block, or TF_HTTP_USERNAME and TF_HTTP_PASSWORD."),
            404 | 405 | 501 => d.hint("Check the addresses and methods of the block."),
            300..=399 => d.hint(format!(
                "The server is elsewhere{}: correct the address.",
                answer.header("location").map(|to| format!(", at {to}")).unwrap_or_default()
            )),
            _ => d,
        }
    }
}

impl Document for WebDocument {
    fn place(&self) -> String {
        // An address may hold a password.
        match self.settings.address.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
                let host = authority.rsplit('@').next().unwrap_or(authority);
                format!("{scheme}://{host}/{}", path.split('?').next().unwrap_or_default())
            }
            None => self.settings.address.clone(),
        }
    }

    fn get(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        let mut call = Call { method: "GET".into(), url: self.settings.address.clone() };
        for _ in 0..5 {
            let answer = self.ask(&call, b"")?;
            match answer.status {
                200 => return Ok(Some(answer.body)),
                204 | 404 => return Ok(None),
                301 | 302 | 307 | 308 if answer.header("location").is_some_and(|to| same_host(&call.url, to)) => {
                    let to = answer.header("location").unwrap_or_default();
                    call.url = absolute(&call.url, to);
                }
                _ => return Err(self.refused("Cannot read the state", &answer)),
            }
        }
        Err(self.problem("Cannot read the state", "it points elsewhere again and again"))
    }

    fn put(&self, text: &[u8], lock: Option<&str>) -> Result<Written, Diagnostic> {
        let address = &self.settings.address;
        let url = match lock {
            Some(id) => format!("{address}{}ID={id}", if address.contains('?') { '&' } else { '?' }),
            None => address.clone(),
        };
        let answer = self.ask(&Call { method: self.settings.update.clone(), url }, text)?;
        match answer.status {
            200 | 201 | 202 | 204 => Ok(Written::Done),
            409 | 412 | 423 => Ok(Written::Refused),
            _ => Err(self.refused("Cannot write the state", &answer)),
        }
    }

    fn has_lock(&self) -> bool {
        self.settings.lock.is_some()
    }

    fn lock(&self, info: &[u8]) -> Result<Locking, Diagnostic> {
        let Some((lock, _)) = &self.settings.lock else { return Ok(Locking::Taken) };
        let answer = self.ask(lock, info)?;
        match answer.status {
            200 | 201 | 204 => Ok(Locking::Taken),
            409 | 423 => Ok(Locking::Held(answer.body)),
            _ => Err(self.refused("Cannot lock the state", &answer)),
        }
    }

    fn unlock(&self, info: &[u8]) -> Result<(), Diagnostic> {
        let Some((_, unlock)) = &self.settings.lock else { return Ok(()) };
        let answer = self.ask(unlock, info)?;
        match answer.status {
            200 | 201 | 204 | 404 => Ok(()),
            _ => Err(self.refused("Cannot unlock the state", &answer)),
        }
    }
}

/// Whether an address that another points to has the same host, so that the password may go there.
fn same_host(from: &str, to: &str) -> bool {
    let to = absolute(from, to);
    let origin = |url: &str| {
        url.split_once("://").map(|(scheme, rest)| (scheme.to_owned(), rest.split('/').next().map(str::to_owned)))
    };
    origin(from) == origin(&to)
}

impl fmt::Debug for WebDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebDocument({})", self.place())
    }
}
