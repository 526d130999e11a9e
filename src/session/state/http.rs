//! The arguments of a `backend "http"` block, and the variables of the environment that Terraform reads for them.

use super::given;
use crate::aws::documents::{Call, DocumentSettings, WebDocument};
use crate::aws::{host, is_loopback};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::{self, written_out_block};
use crate::schema::{Attribute, Attrs};
use crate::state::StateLocation;
use crate::state::document::DocumentStore;
use crate::value::Type;
use std::sync::Arc;
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

/// The arguments of the block.
pub(super) struct Http(DocumentSettings);

/// Opens the state that the block names. With an `endpoint` that replaces AWS, only a server of this machine will do: what
/// is made in a sandbox is not to be in a state that others share.
pub(super) fn open(
    block: &config::Backend,
    location: &StateLocation,
    endpoint: Option<&str>,
) -> Result<DocumentStore, Diagnostics> {
    if let Some(workspace) = &location.workspace {
        return Err(Diagnostic::error("A state on a web server has no workspaces")
            .code("workspace")
            .detail(format!("The workspace {workspace:?} is selected; the block names the address of one state."))
            .at(block.span.clone())
            .hint("Select the workspace \"default\", and give each environment a layout or an address of its own.")
            .into());
    }
    let http = Http::read(block)?;
    if endpoint.is_some() && !is_loopback(host(&http.0.address)) {
        return Err(Diagnostic::error("A sandbox cannot use a state that others share")
            .code("state-elsewhere")
            .detail("The block names a web server, whose state would hold objects that exist in the sandbox alone.")
            .at(block.span.clone())
            .hint("Give --state DIR with --sandbox.")
            .into());
    }
    let document = WebDocument::new(http.0).map_err(|d| d.at(block.span.clone()))?;
    Ok(DocumentStore::new(Arc::new(document)))
}

impl Http {
    /// Reads the arguments; asks nobody.
    pub(super) fn read(block: &config::Backend) -> Result<Self, Diagnostics> {
        Self::with(block, &|name| std::env::var(name).ok())
    }

    fn with(block: &config::Backend, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Diagnostics> {
        let rows: Vec<Attribute> = TEXTS
            .map(|name| Attribute::new(name, Type::String))
            .into_iter()
            .chain(NUMBERS.map(|name| Attribute::new(name, Type::Number)))
            .chain([Attribute::new("skip_cert_verification", Type::Bool)])
            .collect();
        let (value, mut problems) = written_out_block(&block.body, &rows, &block.span);
        let attrs = Attrs::from_value(&value);
        let text = |name: &str| {
            let written = attrs.string(name).filter(|text| !text.is_empty());
            written.or_else(|| variable(&format!("TF_HTTP_{}", name.to_uppercase())).filter(|text| !text.is_empty()))
        };
        if text("address").is_none() {
            let named = given::complete(block, &["address"]).err().map(|d| d.hint("TF_HTTP_ADDRESS names it too."));
            problems.extend(named);
        }
        for (name, instead) in REFUSED {
            if text(name).is_some() || attrs.bool(name) == Some(true) {
                problems.push(
                    Diagnostic::error(format!("{name:?} is not supported for a state on a web server"))
                        .code("unsupported-argument")
                        .at(block.span.clone())
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
                    problems.push(d.detail("0 or more is expected.").at(block.span.clone()));
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
            problems.push(d.at(block.span.clone()).hint("Give both. GitLab has one address for both."));
        }
        for url in [text("address"), text("lock_address"), text("unlock_address")].into_iter().flatten() {
            if !url.starts_with("https://") && !url.starts_with("http://") {
                let d = Diagnostic::error("Not an address of a web server").code("invalid-value");
                problems.push(d.detail("It begins with https:// or http://.").at(block.span.clone()));
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
        problems.into_result(Http(settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::parse::parse;

    fn read(text: &str, environment: &[(&str, &str)]) -> Result<DocumentSettings, Vec<String>> {
        let body = parse("main.tf", text.as_bytes()).unwrap().body;
        let block = config::Backend { kind: "http".into(), span: body.span(), body };
        let variable = |name: &str| environment.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Http::with(&block, &variable).map(|http| http.0).map_err(|all| all.iter().map(ToString::to_string).collect())
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
        assert!(problems("").contains("leaves out address"));
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
