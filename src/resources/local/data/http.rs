//! http: what a web server answers.

use super::{Around, LocalData, Read, Row, Values};
use crate::aws::Transport;
use crate::schema::{Attrs, Nesting};
use crate::value::{Type, Value};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures::future::LocalBoxFuture;

pub(super) fn http() -> LocalData {
    let number = |name| Row::number(name).row;
    let retry = vec![number("attempts"), number("max_delay_ms"), number("min_delay_ms")];
    let rows = [
        Row::string("url").required(),
        Row::string("method"),
        Row::string("request_body"),
        Row::of("request_headers", Type::map(Type::String)),
        Row::number("request_timeout_ms"),
        Row::bool("insecure"),
        Row::string("ca_cert_pem"),
        Row::string("client_cert_pem"),
        Row::string("client_key_pem").sensitive(),
        Row::block("retry", Nesting::Single, retry),
        Row::string("body").computed(),
        Row::string("response_body").computed(),
        Row::string("response_body_base64").computed(),
        Row::of("response_headers", Type::map(Type::String)).computed(),
        Row::number("status_code").computed(),
    ];
    LocalData::new("http", rows, Read::Later(read))
}

/// The arguments that would be left out of the call.
const NOT_SENT: [&str; 5] = ["request_body", "insecure", "ca_cert_pem", "client_cert_pem", "client_key_pem"];

fn read(config: Attrs, _: Around) -> LocalBoxFuture<'static, Result<Values, String>> {
    Box::pin(async move {
        let url = config.string("url").unwrap_or_default();
        if let Some(name) = NOT_SENT.into_iter().find(|name| config.is_filled(name)) {
            return Err(format!("the argument {name:?} is not supported here"));
        }
        match config.str("method") {
            None | Some("" | "GET") => {}
            Some(method) => return Err(format!("the method {method} is not supported here, only GET")),
        }
        let headers: Vec<(String, String)> =
            config.string_map("request_headers").into_iter().map(|(k, v)| (k.to_lowercase(), v)).collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let transport = Transport::default().trusting(None).map_err(|e| e.to_string())?;
        let answer = transport.get(&url, &headers).await?;
        let text: Value = String::from_utf8_lossy(&answer.body).into_owned().into();
        let named = answer.headers.iter().map(|(name, value)| (canonical(name).as_str().into(), Value::string(value)));
        Ok(vec![
            ("id", url.into()),
            ("status_code", i64::from(answer.status).into()),
            ("response_headers", Value::map(Type::String, named.collect())),
            ("response_body_base64", BASE64_STANDARD.encode(&answer.body).into()),
            ("body", text.clone()),
            ("response_body", text),
        ])
    })
}

/// `content-type` as `Content-Type`.
fn canonical(name: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}
