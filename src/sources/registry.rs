//! The protocol of module registries: which host serves modules where, which versions there are, where one is fetched.

use super::address::{self, Address, Package};
use super::lock::version;
use super::settings::Settings;
use super::web::{Answer, Web, absolute};
use crate::lang::config::version::allows;
use semver::Version;
use serde_json::Value as Json;

/// A registry.
pub struct Registry<'a> {
    /// The network.
    pub web: &'a dyn Web,
    /// The user's settings.
    pub settings: &'a Settings,
    /// The host.
    pub host: &'a str,
}

impl Registry<'_> {
    fn get(&self, url: &str) -> Result<Answer, String> {
        let bearer = self.settings.token(self.host).map(|token| format!("Bearer {token}"));
        let headers: Vec<(&str, &str)> = bearer.iter().map(|value| ("authorization", value.as_str())).collect();
        self.web.get(url, &headers)
    }

    /// Where the host serves modules.
    fn base(&self) -> Result<String, String> {
        if let Some(url) = self.settings.registry(self.host) {
            return Ok(with_slash(url));
        }
        let url = format!("https://{}/.well-known/terraform.json", self.host);
        let answer = self.get(&url)?;
        let json: Option<Json> = serde_json::from_slice(&answer.body).ok().filter(|_| answer.status == 200);
        match json.as_ref().and_then(|json| json["modules.v1"].as_str()) {
            Some(base) => Ok(with_slash(&absolute(&answer.url, base))),
            None => Err(format!("{} is not a module registry ({url} names none)", self.host)),
        }
    }

    /// The newest version that a constraint allows.
    pub fn newest(&self, name: &str, constraint: Option<&str>) -> Result<String, String> {
        let answer = self.get(&format!("{}{name}/versions", self.base()?))?;
        match answer.status {
            200 => {}
            404 => return Err(format!("{} has no module {name}", self.host)),
            401 | 403 => return Err(self.forbidden()),
            status => return Err(format!("{} answered {status} to the question for versions", self.host)),
        }
        let json: Json = serde_json::from_slice(&answer.body)
            .map_err(|_| format!("the answer of {} to the question for versions is not JSON", self.host))?;
        let modules = json["modules"].as_array().into_iter().flatten();
        let found = modules.flat_map(|module| module["versions"].as_array().into_iter().flatten());
        let found: Vec<&str> = found.filter_map(|version| version["version"].as_str()).collect();
        choose(&found, constraint).map(str::to_owned).ok_or_else(|| none_fits(&found, constraint))
    }

    /// The address of a version.
    pub fn location(&self, name: &str, version: &str) -> Result<Address, String> {
        let answer = self.get(&format!("{}{name}/{version}/download", self.base()?))?;
        let json: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
        let found = match answer.status {
            200 | 204 => answer.header("x-terraform-get").or(json["location"].as_str()),
            401 | 403 => return Err(self.forbidden()),
            status => return Err(format!("{} answered {status} to the question for {version}", self.host)),
        };
        let found = found.ok_or_else(|| format!("{} does not say where {version} is", self.host))?;
        let relative = found.starts_with("./") || found.starts_with("../") || found.starts_with('/');
        let found = if relative { absolute(&answer.url, found) } else { found.to_owned() };
        let read = address::parse_remote(&found).and_then(|address| match address.package {
            Package::Directory(_) => Err("a registry cannot name a directory of this machine".to_owned()),
            _ => Ok(address),
        });
        read.map_err(|e| format!("{} says that {version} is at {found:?}, but {e}", self.host))
    }

    fn forbidden(&self) -> String {
        let name = self.host.replace('-', "__").replace('.', "_");
        format!("{} wants a token; set TF_TOKEN_{name}, or use terraform login", self.host)
    }
}

fn with_slash(url: &str) -> String {
    if url.ends_with('/') { url.to_owned() } else { format!("{url}/") }
}

/// The newest of versions that a constraint allows. One for trials is taken only where it is named.
fn choose<'a>(found: &[&'a str], constraint: Option<&str>) -> Option<&'a str> {
    let named = |v: &Version| {
        constraint.is_some_and(|text| {
            text.split(',').any(|part| version(part.trim().trim_start_matches('=').trim()).as_ref() == Some(v))
        })
    };
    let versions = found.iter().filter_map(|text| Some((version(text)?, *text)));
    let fitting = versions.filter(|(v, _)| {
        let allowed = constraint.is_none_or(|text| allows(text, v) == Some(true));
        allowed && (v.pre.is_empty() || named(v))
    });
    fitting.max_by(|(a, _), (b, _)| a.cmp(b)).map(|(_, text)| text)
}

fn none_fits(found: &[&str], constraint: Option<&str>) -> String {
    const SHOWN: usize = 10;
    let mut all: Vec<(Version, &str)> = found.iter().filter_map(|text| Some((version(text)?, *text))).collect();
    all.sort();
    let newest: Vec<&str> = all.iter().rev().take(SHOWN).map(|(_, text)| *text).collect();
    if newest.is_empty() {
        return "the registry has no versions of it".into();
    }
    let more = if all.len() > SHOWN { ", …" } else { "" };
    format!("no version meets {:?}; there are {}{more}", constraint.unwrap_or_default(), newest.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_that_is_allowed_is_chosen() {
        let found = ["1.2.0", "1.10.0", "2.0.0-rc.1", "v2.0.0", "x", "3.0.0-beta"];
        assert_eq!(choose(&found, None), Some("v2.0.0"));
        assert_eq!(choose(&found, Some("~> 1.2")), Some("1.10.0"));
        assert_eq!(choose(&found, Some("= 3.0.0-beta")), Some("3.0.0-beta"));
        assert_eq!(choose(&found, Some(">= 3.0.0-alpha")), None);
        assert_eq!(none_fits(&found[..2], Some("> 2")), "no version meets \"> 2\"; there are 1.10.0, 1.2.0");
    }
}
