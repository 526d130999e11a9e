//! The arguments of a state on a web server, as Terraform's backend `http` has them, and the variables of the environment
//! that Terraform reads for them.

use crate::aws::documents::{Call, DocumentSettings, WebDocument};
use crate::diag::Diagnostic;
use crate::schema::{Attribute, Attrs};
use crate::value::Type;
use std::time::Duration;

/// The arguments that are texts, those that are refused included.
const TEXTS: [&str; 11] = [
    "address",
    "update_method",
    "lock_address",
    "lock_method",
    "unlock_address",
    "unlock_method",
    "username",
    "password",
    "client_ca_certificate_pem",
    "client_certificate_pem",
    "client_private_key_pem",
];
const NUMBERS: [&str; 3] = ["retry_max", "retry_wait_min", "retry_wait_max"];

/// Arguments that are not supported, and what to do instead.
const REFUSED: [(&str, &str); 4] = [
    ("skip_cert_verification", "Name the certificate of the server with AWS_CA_BUNDLE=FILE."),
    ("client_ca_certificate_pem", "Write the certificate into a file and name it with AWS_CA_BUNDLE=FILE."),
    ("client_certificate_pem", "Use username and password: no certificate of a client is sent."),
    ("client_private_key_pem", "Use username and password: no certificate of a client is sent."),
];

/// The arguments.
#[derive(Clone)]
pub struct Http(DocumentSettings);

impl Http {
    /// Reads the arguments, and gives what is wrong with them; the address may be missing. Asks nobody.
    pub fn read(attrs: &Attrs) -> (Self, Vec<Diagnostic>) {
        Self::with(attrs, &|name| std::env::var(name).ok())
    }

    fn with(attrs: &Attrs, variable: &dyn Fn(&str) -> Option<String>) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let text = |name: &str| {
            let written = attrs.string(name).filter(|text| !text.is_empty());
            written.or_else(|| variable(&format!("TF_HTTP_{}", name.to_uppercase())).filter(|text| !text.is_empty()))
        };
        for (name, instead) in REFUSED {
            if text(name).is_some() || attrs.bool(name) == Some(true) {
                problems.push(
                    Diagnostic::error(format!("{name:?} is not supported for a state on a web server"))
                        .code("unsupported-argument")
                        .hint(instead),
                );
            }
        }
        let mut number = |name: &str, usual: u32| -> u32 {
            let given = attrs.int(name).map(|n| n.to_string()).or_else(|| text(name));
            let read = given.as_ref().map(|given| given.parse::<u32>());
            match read {
                None => usual,
                Some(Ok(n)) => n,
                Some(Err(_)) => {
                    let d = Diagnostic::error(format!("{name:?} must be a whole number")).code("invalid-value");
                    problems.push(d.detail("0 or more is expected."));
                    usual
                }
            }
        };
        let retries = number("retry_max", 2);
        let pauses = [("retry_wait_min", 1), ("retry_wait_max", 30)].map(|(name, usual)| number(name, usual));
        let pauses = pauses.map(|seconds| Duration::from_secs(seconds.into()));
        let call = |address: Option<String>, method: &str, usual: &str| {
            Some(Call { url: address?, method: text(method).unwrap_or_else(|| usual.into()) })
        };
        let lock = call(text("lock_address"), "lock_method", "LOCK");
        let unlock = call(text("unlock_address"), "unlock_method", "UNLOCK");
        if lock.is_some() != unlock.is_some() {
            let (given, missing) = if lock.is_some() { ("lock", "unlock") } else { ("unlock", "lock") };
            let d = Diagnostic::error(format!("{given}_address is given without {missing}_address"))
                .code("missing-argument")
                .detail("A lock that can be taken has to be given back.");
            problems.push(d.hint("Give both. GitLab has one address for both."));
        }
        for url in [text("address"), text("lock_address"), text("unlock_address")].into_iter().flatten() {
            if !url.starts_with("https://") && !url.starts_with("http://") {
                let d = Diagnostic::error("Not an address of a web server").code("invalid-value");
                problems.push(d.detail("It begins with https:// or http://."));
            }
        }
        let settings = DocumentSettings {
            address: text("address").unwrap_or_default(),
            update: text("update_method").unwrap_or_else(|| "POST".into()),
            lock: lock.zip(unlock),
            user: text("username").map(|name| (name, text("password").unwrap_or_default())),
            retries,
            pauses: (pauses[0], pauses[1]),
        };
        (Http(settings), problems)
    }

    /// The address of the document; empty where none is given.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// The document; makes no call.
    pub fn connect(self) -> Result<WebDocument, Diagnostic> {
        WebDocument::new(self.0)
    }
}

/// A row for each argument.
pub fn rows() -> Vec<Attribute> {
    let texts = TEXTS.map(|name| Attribute::new(name, Type::String));
    let numbers = NUMBERS.map(|name| Attribute::new(name, Type::Number));
    texts.into_iter().chain(numbers).chain([Attribute::new("skip_cert_verification", Type::Bool)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::config::written_out_block;
    use crate::lang::parse::parse;

    fn read(text: &str, environment: &[(&str, &str)]) -> Result<DocumentSettings, Vec<String>> {
        let body = parse("main.tf", text.as_bytes()).unwrap().body;
        let (value, problems) = written_out_block(&body, &rows(), &body.span());
        let variable = |name: &str| environment.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        let (http, wrong) = Http::with(&Attrs::from_value(&value), &variable);
        let all: Vec<String> = problems.iter().chain(&wrong).map(ToString::to_string).collect();
        if all.is_empty() { Ok(http.0) } else { Err(all) }
    }

    #[test]
    fn what_the_block_leaves_out_is_in_the_environment() {
        let gitlab = [
            ("TF_HTTP_ADDRESS", "https://gitlab.example/state/a"),
            ("TF_HTTP_LOCK_ADDRESS", "https://gitlab.example/state/a/lock"),
            ("TF_HTTP_LOCK_METHOD", "POST"),
            ("TF_HTTP_UNLOCK_ADDRESS", "https://gitlab.example/state/a/lock"),
            ("TF_HTTP_UNLOCK_METHOD", "DELETE"),
            ("TF_HTTP_USERNAME", "ada"),
            ("TF_HTTP_PASSWORD", "secret"),
            ("TF_HTTP_RETRY_WAIT_MIN", "5"),
        ];
        let found = read("retry_max = 4\n", &gitlab).unwrap();
        let call = |method: &str| Call { method: method.into(), url: "https://gitlab.example/state/a/lock".into() };
        assert_eq!(found.lock, Some((call("POST"), call("DELETE"))));
        assert_eq!((found.update.as_str(), found.retries), ("POST", 4));
        assert_eq!(found.pauses, (Duration::from_secs(5), Duration::from_secs(30)));
        assert_eq!(found.user, Some(("ada".into(), "secret".into())));
    }

    #[test]
    fn what_cannot_be_served_is_named() {
        let problems = |text: &str| read(text, &[]).err().unwrap_or_default().join("\n");
        assert_eq!(read("", &[]).unwrap().address, "");
        let whole = "address = \"https://x.example/s\"\n";
        for (name, _) in REFUSED {
            let value = if name == "skip_cert_verification" { "true" } else { "\"x\"" };
            assert!(problems(&format!("{whole}{name} = {value}\n")).contains(name), "{name}");
        }
        assert!(
            problems(&format!("{whole}lock_address = \"https://x.example/l\"\n")).contains("without unlock_address")
        );
        assert!(problems("address = \"x.example\"\n").contains("https://"));
        assert!(problems(&format!("{whole}retry_max = -1\n")).contains("whole number"));
        assert!(problems(&format!("{whole}colour = 1\n")).contains("colour"));
        assert_eq!(problems(whole), "");
    }
}
