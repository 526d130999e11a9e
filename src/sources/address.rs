//! The source of a module: which package it names, and which directory in it. Read as Terraform reads it.

use std::fmt;

/// The registry of a source that names none.
pub const DEFAULT_REGISTRY: &str = "registry.terraform.io";
/// Hosts of repositories, which are no registries.
const REPOSITORY_HOSTS: [&str; 3] = ["github.com", "bitbucket.org", "gitlab.com"];

/// What a `source` names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// The package.
    pub package: Package,
    /// The directory in it; empty for the package itself.
    pub sub: String,
}

/// What is fetched as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Package {
    /// A module of a registry.
    Registry {
        /// The registry.
        host: String,
        /// Namespace, name and system, with slashes between them.
        name: String,
    },
    /// A repository of git.
    Git {
        /// As git takes it.
        url: String,
        /// A branch, tag or commit; without one, what the repository offers first.
        reference: Option<String>,
    },
    /// An archive, or a page that says where one is.
    Http(String),
    /// An archive in a bucket.
    S3(String),
    /// An artifact of a container registry.
    Oci {
        /// The registry.
        host: String,
        /// The repository.
        repository: String,
        /// A tag, or a digest.
        version: String,
    },
    /// A directory of this machine, by its absolute path.
    Directory(String),
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (base, query) = self.parts();
        f.write_str(&base)?;
        query.map_or(Ok(()), |query| write!(f, "?{query}"))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (base, query) = self.package.parts();
        f.write_str(&base)?;
        if !self.sub.is_empty() {
            write!(f, "//{}", self.sub)?;
        }
        query.map_or(Ok(()), |query| write!(f, "?{query}"))
    }
}

impl Package {
    /// The address up to its query, and the query.
    fn parts(&self) -> (String, Option<String>) {
        let split = |prefix: &str, url: &str| match url.split_once('?') {
            Some((base, query)) => (format!("{prefix}{base}"), Some(query.to_owned())),
            None => (format!("{prefix}{url}"), None),
        };
        match self {
            Package::Registry { host, name } => (format!("{host}/{name}"), None),
            Package::Git { url, reference } => {
                (format!("git::{url}"), reference.as_ref().map(|name| format!("ref={name}")))
            }
            Package::Http(url) => split("", url),
            Package::S3(url) => split("s3::", url),
            Package::Oci { host, repository, version } => {
                let kind = if version.contains(':') { "digest" } else { "tag" };
                (format!("oci://{host}/{repository}"), Some(format!("{kind}={version}")))
            }
            Package::Directory(path) => (path.clone(), None),
        }
    }
}

/// Reads a `source` that is not a local path; the reason when it cannot be read.
pub fn parse(source: &str) -> Result<Address, String> {
    let (package, sub) = split_sub(source)?;
    match registry(&package) {
        Some(package) => Ok(Address { package, sub }),
        None => remote(&package).map(|package| Address { package, sub }),
    }
}

/// Reads the address that a registry gives for a download.
pub fn parse_remote(source: &str) -> Result<Address, String> {
    let (package, sub) = split_sub(source)?;
    remote(&package).map(|package| Address { package, sub })
}

/// The package and the directory in it, which follows a double slash.
fn split_sub(source: &str) -> Result<(String, String), String> {
    let end = source.find('?').unwrap_or(source.len());
    let (path, query) = source.split_at(end);
    let from = path.find("://").map_or(0, |at| at + 3);
    let Some(at) = path[from..].find("//").map(|at| from + at) else {
        return Ok((source.to_owned(), String::new()));
    };
    let mut steps = Vec::new();
    for step in path[at + 2..].split('/') {
        match step {
            "" | "." => {}
            ".." if steps.pop().is_none() => {
                return Err(format!("the directory {:?} leads out of the package", &path[at + 2..]));
            }
            ".." => {}
            step => steps.push(step),
        }
    }
    Ok((format!("{}{query}", &path[..at]), steps.join("/")))
}

fn registry(source: &str) -> Option<Package> {
    let parts: Vec<&str> = source.split('/').collect();
    let (host, [namespace, name, system]) = match parts[..] {
        [a, b, c] => (DEFAULT_REGISTRY, [a, b, c]),
        [host, a, b, c] if is_host(host) => (host, [a, b, c]),
        _ => return None,
    };
    let word = |text: &str| {
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let inner = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        inner && text.len() <= 64 && edge(text.chars().next()) && edge(text.chars().last())
    };
    let system_fits =
        (1..=64).contains(&system.len()) && system.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    (word(namespace) && word(name) && system_fits)
        .then(|| Package::Registry { host: host.to_ascii_lowercase(), name: format!("{namespace}/{name}/{system}") })
}

fn is_host(text: &str) -> bool {
    let (name, port) = text.split_once(':').unwrap_or((text, "443"));
    let letters = name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    letters && name.contains('.') && port.parse::<u16>().is_ok() && !REPOSITORY_HOSTS.contains(&name)
}

fn remote(source: &str) -> Result<Package, String> {
    let forced = source.split_once("::").filter(|(kind, _)| kind.chars().all(|c| c.is_ascii_alphanumeric()));
    match forced {
        Some(("git", rest)) => git(rest),
        Some(("s3", rest)) => Ok(Package::S3(rest.to_owned())),
        Some(("http" | "https", rest)) => Ok(Package::Http(rest.to_owned())),
        Some(("file", rest)) => remote(rest),
        Some((kind @ ("hg" | "gcs"), _)) => Err(format!("sources that begin with {kind}:: are not supported")),
        Some((kind, _)) => Err(format!("{kind}:: is not a kind of source")),
        None => detected(source),
    }
}

fn detected(source: &str) -> Result<Package, String> {
    if let Some((scheme, rest)) = source.split_once("://") {
        return match scheme {
            "http" | "https" => Ok(Package::Http(source.to_owned())),
            "git" => git(source),
            "s3" => Ok(Package::S3(source.to_owned())),
            "file" => directory(rest),
            "oci" => oci(rest),
            "ssh" => Err(format!("a repository is written git::{source}")),
            _ => Err(format!("{scheme}:// is not a kind of source")),
        };
    }
    if source.starts_with('/') {
        return directory(source);
    }
    if let Some(bucket) = s3(source) {
        return Ok(bucket);
    }
    let host = source.split('/').next().unwrap_or_default();
    if host == "github.com" || host == "bitbucket.org" {
        return hosted(source);
    }
    if source.split('/').next().is_some_and(|start| start.contains('@')) {
        return git(source);
    }
    if host == "gitlab.com" {
        return Err(format!("a repository is written git::https://{source}.git"));
    }
    Err("it is not the address of a module in a registry, of a repository or of an archive".into())
}

/// `github.com/owner/repository`, with what may follow.
fn hosted(source: &str) -> Result<Package, String> {
    let (path, query) = source.split_once('?').map_or((source, None), |(path, query)| (path, Some(query)));
    let mut parts = path.splitn(4, '/');
    let (Some(host), Some(owner), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("a repository there is named by its owner and its name".into());
    };
    let name = name.strip_suffix(".git").unwrap_or(name);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    git(&format!("https://{host}/{owner}/{name}.git{query}"))
}

fn git(source: &str) -> Result<Package, String> {
    let (path, query) = source.split_once('?').unwrap_or((source, ""));
    let url = match path.split_once("://") {
        Some((scheme, rest)) => {
            let authority = rest.split('/').next().unwrap_or_default();
            let port = authority.rsplit_once(':').map(|(_, port)| port);
            if scheme == "ssh" && port.is_some_and(|port| port.parse::<u16>().is_err()) {
                return Err(format!("in {path:?} a port follows the colon; without \"ssh://\" a path does"));
            }
            path.to_owned()
        }
        None if path.starts_with('/') => format!("file://{path}"),
        None => match path.split_once(':') {
            Some((host, rest)) if host.contains('@') && !host.contains('/') => {
                format!("ssh://{host}/{}", rest.trim_start_matches('/'))
            }
            _ => hosted(path).and_then(|found| match found {
                Package::Git { url, .. } => Ok(url),
                _ => Err(String::new()),
            })?,
        },
    };
    let scheme = url.split("://").next().unwrap_or_default();
    if !["https", "http", "ssh", "git", "file"].contains(&scheme) {
        return Err(format!("{scheme}:// is not a way to a repository"));
    }
    let mut reference = None;
    for (name, value) in pairs(query) {
        match name {
            "ref" if value.starts_with('-') => return Err(format!("{value:?} is not a valid ref")),
            "ref" => reference = Some(value.to_owned()).filter(|value| !value.is_empty()),
            // A repository is never fetched deeper than needed.
            "depth" => {}
            "sshkey" => return Err("a key in the address is not supported; add it to the SSH agent".into()),
            other => return Err(format!("{other:?} is not an argument of a repository")),
        }
    }
    Ok(Package::Git { url, reference })
}

fn oci(rest: &str) -> Result<Package, String> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, repository) = path
        .split_once('/')
        .filter(|(host, repository)| !host.is_empty() && !repository.is_empty())
        .ok_or("an artifact is named by its registry and its repository: oci://registry/repository")?;
    let mut version = "latest".to_owned();
    for (name, value) in pairs(query) {
        match name {
            "tag" => version = value.to_owned(),
            "digest" if value.contains(':') => version = value.to_owned(),
            "digest" => return Err(format!("{value:?} is not a digest such as sha256:…")),
            other => return Err(format!("{other:?} is not an argument of an artifact")),
        }
    }
    Ok(Package::Oci { host: host.to_owned(), repository: repository.to_owned(), version })
}

fn directory(path: &str) -> Result<Package, String> {
    match path.starts_with('/') {
        true => Ok(Package::Directory(path.trim_end_matches('/').to_owned())),
        false => Err("after file:// an absolute path is required".into()),
    }
}

/// The spellings of a bucket's address without a scheme.
fn s3(source: &str) -> Option<Package> {
    let (host, path) = source.split_once('/')?;
    let service = host.strip_suffix(".amazonaws.com")?;
    let region = |service: &str| match service {
        "s3" => Some(None),
        other => other.strip_prefix("s3-").or(other.strip_prefix("s3.")).map(|region| Some(region.to_owned())),
    };
    let url = |region: Option<String>, path: &str| {
        let host = region.map_or("s3".to_owned(), |region| format!("s3-{region}"));
        Package::S3(format!("https://{host}.amazonaws.com/{path}"))
    };
    if let Some(region) = region(service) {
        return Some(url(region, path));
    }
    let at = service.find(".s3")?;
    let region = region(&service[at + 1..])?;
    Some(url(region, &format!("{}/{path}", &service[..at])))
}

/// The arguments of a query.
pub fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers of Terraform 1.11, but for `oci`, which OpenTofu has.
    #[test]
    fn sources_are_read_as_terraform_reads_them() {
        for (source, read) in [
            ("a/b/c", "registry.terraform.io/a/b/c"),
            ("a/b/c//", "registry.terraform.io/a/b/c"),
            ("example.com/a/b/c//sub/./x", "example.com/a/b/c//sub/x"),
            ("App.terraform.io/a/b/c", "app.terraform.io/a/b/c"),
            ("127.0.0.1:1/a/b/c", "127.0.0.1:1/a/b/c"),
            ("github.com/hashicorp/example", "git::https://github.com/hashicorp/example.git"),
            ("github.com/hashicorp/example//sub?ref=v1", "git::https://github.com/hashicorp/example.git//sub?ref=v1"),
            ("git@github.com:hashicorp/e.git//sub?ref=v1", "git::ssh://git@github.com/hashicorp/e.git//sub?ref=v1"),
            ("git::git@github.com:hashicorp/e.git", "git::ssh://git@github.com/hashicorp/e.git"),
            ("git::https://x.example/y.git?depth=1&ref=main", "git::https://x.example/y.git?ref=main"),
            ("git::file:///repo//sub?ref=v1", "git::file:///repo//sub?ref=v1"),
            ("bitbucket.org/a/b", "git::https://bitbucket.org/a/b.git"),
            ("/abs/path", "/abs/path"),
            ("file:///abs", "/abs"),
            ("https://127.0.0.1:1/x.zip", "https://127.0.0.1:1/x.zip"),
            ("http://127.0.0.1:1/x//sub?archive=zip", "http://127.0.0.1:1/x//sub?archive=zip"),
            ("bucket.s3.amazonaws.com/k.zip", "s3::https://s3.amazonaws.com/bucket/k.zip"),
            ("bucket.s3-eu-west-1.amazonaws.com/k.zip//d", "s3::https://s3-eu-west-1.amazonaws.com/bucket/k.zip//d"),
            ("oci://r.example/a/b//sub?tag=1.0", "oci://r.example/a/b//sub?tag=1.0"),
            ("oci://r.example/a", "oci://r.example/a?tag=latest"),
        ] {
            let address = parse(source).unwrap_or_else(|e| panic!("{source}: {e}"));
            assert_eq!(address.to_string(), read, "{source}");
            assert_eq!(parse(read).as_ref(), Ok(&address), "{read}");
        }
    }

    #[test]
    fn other_sources_are_refused_with_a_reason() {
        for (source, reason) in [
            ("foo", "not the address of a module"),
            ("hashicorp/consul", "not the address of a module"),
            ("hashicorp/consul/aws/extra/more", "not the address of a module"),
            ("modules/x", "not the address of a module"),
            ("localhost:1/a/b/c", "not the address of a module"),
            ("gitlab.com/a/b", "git::https://gitlab.com/a/b.git"),
            ("github.com/a", "owner and its name"),
            ("a/b/c//../x", "leads out of the package"),
            ("git::ssh://git@github.com:hashicorp/e.git", "without \"ssh://\""),
            ("git::ext::sh -c x", "owner and its name"),
            ("git::https://x.example/y?ref=--upload-pack=x", "not a valid ref"),
            ("hg::http://x.example/y", "hg::"),
            ("ssh://git@x.example/y", "git::ssh://"),
        ] {
            let error = parse(source).unwrap_err();
            assert!(error.contains(reason), "{source}: {error}");
        }
    }
}
