//! tls_certificate and tls_public_key: what a server or a text shows, and the public half of a private key.

use super::{Around, LocalData, Read, Row, Values};
use crate::aws::Transport;
use crate::resources::local::hex;
use crate::resources::local::tls::{public, shown};
use crate::schema::Attrs;
use crate::value::{Type, Value};
use futures::future::LocalBoxFuture;
use sha1::{Digest, Sha1};

pub(super) fn sources() -> [LocalData; 2] {
    let certificate = [
        Row::string("url"),
        Row::string("content").sensitive(),
        Row::bool("verify_chain"),
        Row::of("certificates", Type::list(shown::ty())).computed(),
    ];
    let key = [
        Row::string("private_key_pem").sensitive(),
        Row::string("private_key_openssh").sensitive(),
        Row::string("algorithm").computed(),
        Row::string("public_key_fingerprint_md5").computed(),
        Row::string("public_key_fingerprint_sha256").computed(),
        Row::string("public_key_openssh").computed(),
        Row::string("public_key_pem").computed(),
    ];
    [
        LocalData::new("tls_certificate", certificate, Read::Later(certificates)),
        LocalData::new("tls_public_key", key, Read::Now(public_key)),
    ]
}

/// The certificates of a server with the root of the chain first, or those of a text in its order.
fn certificates(config: Attrs, _: Around) -> LocalBoxFuture<'static, Result<Values, String>> {
    Box::pin(async move {
        let found = match (config.str("url"), config.str("content")) {
            (Some(url), None) => {
                let (host, port) = place(url)?;
                let transport = Transport::default().trusting(None).map_err(|e| e.to_string())?;
                let verify = config.bool("verify_chain").unwrap_or(true);
                let mut found = transport.shown(&host, port, verify).await?;
                found.reverse();
                found
            }
            (None, Some(_)) if config.bool("verify_chain").is_some() => {
                return Err("verify_chain is about url; it cannot stand beside content".into());
            }
            (None, Some(text)) => shown::unpem_all(text).ok_or("content is not a PEM of certificates")?,
            _ => return Err("give one of url and content".into()),
        };
        let all: Option<Vec<Value>> = found.iter().map(|one| shown::shown(one)).collect();
        let all = all.ok_or("a certificate cannot be read: it is not in the form of X.509")?;
        let id = found.iter().fold(Sha1::new(), |sum, one| sum.chain_update(one)).finalize();
        Ok(vec![("id", hex(&id).into()), ("certificates", Value::list(shown::ty(), all))])
    })
}

/// The host and the port of an address.
fn place(url: &str) -> Result<(String, u16), String> {
    let wrong = || format!("{url:?} is not an address of https:// or tls://");
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let port = match (scheme, port) {
        ("https" | "tls", Some(port)) => port.parse().map_err(|_| wrong())?,
        ("https", None) => 443,
        ("tls", None) => return Err(format!("{url:?} has no port, which an address of tls:// needs")),
        _ => return Err(wrong()),
    };
    if host.is_empty() { Err(wrong()) } else { Ok((host.to_owned(), port)) }
}

fn public_key(config: &Attrs, _: &Around) -> Result<Values, String> {
    let public = match (config.str("private_key_pem"), config.str("private_key_openssh")) {
        (Some(text), None) => public::of_pem(text)?,
        (None, Some(text)) => public::of_openssh(text)?,
        _ => return Err("give one of private_key_pem and private_key_openssh".into()),
    };
    let (algorithm, ssh) = public::known(&public).ok_or("the key is of an algorithm that is not known here")?;
    let mut all = public::forms(&public, ssh.as_deref());
    all.push(("algorithm", algorithm.into()));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn an_address_names_a_host_and_a_port() {
        let found = |url| place(url).map(|(host, port)| format!("{host} {port}"));
        assert_eq!(found("https://a.example/.well-known?x=y").unwrap(), "a.example 443");
        assert_eq!(found("https://a.example:8443").unwrap(), "a.example 8443");
        assert_eq!(found("tls://[::1]:99").unwrap(), "::1 99");
        for wrong in ["a.example", "http://a.example", "tls://a.example", "https://", "https://a:b"] {
            assert!(found(wrong).is_err(), "{wrong}");
        }
    }
}
