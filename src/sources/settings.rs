//! The user's configuration of Terraform as far as module registries need it: the services of hosts, and tokens.

use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::expr::Block;
use crate::lang::parse;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// The settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The address of the module registry of a host, where `host` blocks name one.
    registries: HashMap<String, String>,
    /// Tokens by host.
    tokens: HashMap<String, String>,
}

impl Settings {
    /// Reads them as Terraform does: the file that `TF_CLI_CONFIG_FILE` names or `~/.terraformrc`, the credentials of
    /// `terraform login`, and `TF_TOKEN_host`.
    pub fn read(environment: &BTreeMap<String, String>, home: Option<&Path>) -> Result<Self, Diagnostics> {
        let mut settings = Settings::default();
        if let Some(home) = home {
            let bytes = std::fs::read(home.join(".terraform.d/credentials.tfrc.json")).unwrap_or_default();
            let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
            for (host, credentials) in json["credentials"].as_object().into_iter().flatten() {
                if let Some(token) = credentials["token"].as_str() {
                    settings.tokens.insert(host.to_ascii_lowercase(), token.to_owned());
                }
            }
        }
        let named = ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"].iter().find_map(|name| environment.get(*name));
        let path = named.filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(path) = path.or_else(|| home.map(|home| home.join(".terraformrc"))).filter(|path| path.is_file()) {
            let bytes = super::disk::read_named(&path).map_err(|e| {
                Diagnostic::error(format!("Cannot read {}", path.display()))
                    .code("unreadable-file")
                    .detail(format!("{e}."))
            })?;
            let file = parse::parse(&path.to_string_lossy(), &bytes)?;
            file.body.blocks().for_each(|block| settings.block(&block));
        }
        for (name, token) in environment {
            if let Some(host) = name.strip_prefix("TF_TOKEN_") {
                let host = host.replace("__", "-").replace('_', ".");
                settings.tokens.insert(host.to_ascii_lowercase(), token.clone());
            }
        }
        Ok(settings)
    }

    fn block(&mut self, block: &Block) {
        let Some(host) = block.labels.first().map(|(name, _)| name.to_ascii_lowercase()) else { return };
        match &*block.ident {
            "host" => {
                let services = block.body.attribute("services").and_then(|a| a.expr.as_object_items());
                let services = services.into_iter().flatten();
                let modules = services.filter(|(name, _)| {
                    name.as_string().or_else(|| name.as_keyword()).is_some_and(|name| &*name == "modules.v1")
                });
                if let Some(url) = modules.filter_map(|(_, url)| url.as_string()).next() {
                    self.registries.insert(host, url.to_string());
                }
            }
            "credentials" => {
                if let Some(token) = block.body.attribute("token").and_then(|a| a.expr.as_string()) {
                    self.tokens.insert(host, token.to_string());
                }
            }
            _ => {}
        }
    }

    /// The module registry that a host has by these settings.
    pub fn registry(&self, host: &str) -> Option<&str> {
        self.registries.get(host).map(String::as_str)
    }

    /// The token for a host.
    pub fn token(&self, host: &str) -> Option<&str> {
        self.tokens.get(host).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_tokens_are_read_as_terraform_reads_them() {
        let home = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = home.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write(".terraform.d/credentials.tfrc.json", r#"{"credentials": {"a.example": {"token": "one"}}}"#);
        write(
            ".terraformrc",
            "plugin_cache_dir = \"x\"\nhost \"R.example\" {\n  services = {\n    \"modules.v1\" = \"http://localhost:1/\"\n  }\n}\ncredentials \"b.example\" {\n  token = \"two\"\n}\n",
        );
        let environment = BTreeMap::from([("TF_TOKEN_b_c__d_example".to_owned(), "three".to_owned())]);
        let settings = Settings::read(&environment, Some(home.path())).unwrap();
        assert_eq!(settings.registry("r.example"), Some("http://localhost:1/"));
        assert_eq!(settings.registry("a.example"), None);
        let tokens = ["a.example", "b.example", "b.c-d.example"].map(|host| settings.token(host));
        assert_eq!(tokens, [Some("one"), Some("two"), Some("three")]);
    }
}
