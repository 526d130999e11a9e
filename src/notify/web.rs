//! A notice as a POST to a webhook. It is repeated where its answer is lost: a recipient may get a notice twice, and never
//! misses one.

use super::target::Address;
use crate::aws::{Transport, host};
use crate::forge::rate_limit;
use std::time::Duration;

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// Attempts of a call.
const ATTEMPTS: u32 = 3;
/// The pause after a first failed attempt.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest limit that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of an answer an error shows, in characters.
const SHOWN: usize = 200;
/// The shortest part of an address that may be its secret.
const SECRET: usize = 6;

/// Posts JSON. The error is a sentence without the address.
pub(super) async fn post(to: &Address, headers: &[(&str, &str)], body: &str) -> Result<(), String> {
    let transport = Transport::default().trusting(None).map_err(|e| format!("{e}."))?;
    let headers = [&[("content-type", "application/json")][..], headers].concat();
    let mut attempt = 1;
    loop {
        let asked = transport.once("POST", &to.url, &headers, body.as_bytes().to_vec());
        let asked = tokio::time::timeout(ANSWER, asked).await;
        let (why, wait) = match asked.unwrap_or_else(|_| Err(format!("{} did not answer in time", host(&to.url)))) {
            Ok(answer) if (200..300).contains(&answer.status) => return Ok(()),
            Ok(answer) => {
                let said = said(&answer.body, &to.url);
                let why = format!("{} answered with HTTP status {}{said}", host(&to.url), answer.status);
                let limit = rate_limit(&answer, jiff::Timestamp::now().as_second());
                let again = limit.or_else(|| (answer.status >= 500).then_some(PAUSE * attempt));
                (why, again.filter(|wait| *wait <= PATIENCE))
            }
            Err(why) => (hidden(&why, &to.url), Some(PAUSE * attempt)),
        };
        match wait {
            Some(wait) if attempt < ATTEMPTS => tokio::time::sleep(wait).await,
            _ => return Err(format!("{why}.")),
        }
        attempt += 1;
    }
}

/// The words of an answer in brackets, if there are any.
fn said(body: &[u8], url: &str) -> String {
    let words = String::from_utf8_lossy(body);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words: String = hidden(&words, url).chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if words.is_empty() { words } else { format!(" ({})", words.trim_end_matches('.')) }
}

/// A text without the address that the other side may have repeated, or the secret end of it.
fn hidden(text: &str, url: &str) -> String {
    let path = url.split_once("://").and_then(|(_, rest)| rest.find(['/', '?']).map(|at| &rest[at..]));
    let text = text.replace(url, "***");
    let Some(path) = path.filter(|path| path.len() > 1) else { return text };
    let mut parts: Vec<&str> = path.split(['/', '?', '&', '=', '#']).filter(|part| part.len() >= SECRET).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts.into_iter().fold(text.replace(path, "/***"), |text, part| text.replace(part, "***"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_repeated_is_hidden() {
        let url = "https://hooks.example/services/planted";
        assert_eq!(said(format!("no {url} here.\n").as_bytes(), url), " (no *** here)");
        assert_eq!(hidden("/services/planted is gone", url), "/*** is gone");
        assert_eq!(said(b" \n", url), "");
        assert_eq!(hidden("a/b", "https://hooks.example/"), "a/b");
        let url = "https://hooks.example/t/planted?key=planted-too";
        assert_eq!(hidden("bad token planted, key planted-too of t", url), "bad token ***, key *** of t");
    }
}
