//! Fetching a package from where its address says that it is.

use super::address::{self, Address, Package, pairs};
use super::archive::{self, Kind};
use super::cache::hex;
use super::registry::Registry;
use super::settings::Settings;
use super::web::{Web, absolute};
use super::{git, oci};
use sha2::{Digest, Sha256, Sha512};
use std::path::{Path, PathBuf};

/// How many addresses may name one another in a row.
const MAX_HOPS: usize = 8;

/// A package that was fetched.
#[derive(Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The directory that holds it.
    pub root: PathBuf,
    /// The directory in it that the address names.
    pub directory: String,
    /// The commit, if it is from a repository.
    pub commit: String,
}

/// The ways to packages.
pub struct Fetcher<'a> {
    /// The network.
    pub web: &'a dyn Web,
    /// The user's settings.
    pub settings: &'a Settings,
}

impl Fetcher<'_> {
    /// Fetches a package into an empty directory. Of a registry a version is fetched, of a repository a commit, if one
    /// is given.
    pub fn fetch(&self, package: &Package, version: &str, into: &Path) -> Result<Fetched, String> {
        self.hop(package, version, into, 0)
    }

    fn hop(&self, package: &Package, version: &str, into: &Path, hops: usize) -> Result<Fetched, String> {
        if hops > MAX_HOPS {
            return Err(format!("more than {MAX_HOPS} addresses name one another"));
        }
        match package {
            Package::Registry { host, name } => {
                let registry = Registry { web: self.web, settings: self.settings, host };
                let address = registry.location(name, version)?;
                let fetched = self.below(&address, into, hops)?;
                Ok(Fetched { commit: String::new(), ..fetched })
            }
            Package::Git { url, reference } => {
                let commit = Some(version).filter(|commit| !commit.is_empty());
                let commit = git::fetch(url, reference.as_deref(), commit, into)?;
                Ok(Fetched { root: into.to_owned(), directory: String::new(), commit })
            }
            Package::Http(url) => self.http(url, into, hops),
            Package::S3(url) => {
                let bucket = Bucket::read(url)?;
                let kind = Kind::of(&bucket.key)?.ok_or("an object of a bucket has to end in .zip or .tar.gz")?;
                let bytes = self.web.object(bucket.region.as_deref(), &bucket.name, &bucket.key)?;
                unpacked(kind, &bytes, into)
            }
            Package::Oci { host, repository, version } => {
                let bytes = oci::fetch(self.web, host, repository, version)?;
                unpacked(Kind::Zip, &bytes, into)
            }
            Package::Directory(path) => Err(format!("{path} is a directory of this machine")),
        }
    }

    /// The package of an address that another address named, narrowed to its directory.
    fn below(&self, address: &Address, into: &Path, hops: usize) -> Result<Fetched, String> {
        let fetched = self.hop(&address.package, "", into, hops + 1)?;
        let sub = [fetched.directory.as_str(), address.sub.as_str()].join("/");
        let (root, directory) = without_patterns(&fetched.root, &sub)?;
        Ok(Fetched { root, directory, ..fetched })
    }

    fn http(&self, url: &str, into: &Path, hops: usize) -> Result<Fetched, String> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let named = pairs(query).find(|(name, _)| *name == "archive").map(|(_, value)| value);
        let checksum = pairs(query).find(|(name, _)| *name == "checksum").map(|(_, value)| value);
        let rest: Vec<&str> = query
            .split('&')
            .filter(|p| !p.is_empty() && !p.starts_with("archive=") && !p.starts_with("checksum="))
            .collect();
        let kind = match named {
            Some("false") => return Err("archive=false leaves nothing that could be a module".into()),
            Some(name) => Some(Kind::of(name)?.ok_or(format!("{name:?} is not a kind of archive"))?),
            None => Kind::of(path)?,
        };
        let asked = |more: Option<&str>| {
            let query = rest.iter().copied().chain(more).collect::<Vec<_>>().join("&");
            if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
        };
        let Some(kind) = kind else {
            let answer = self.web.get(&asked(Some("terraform-get=1")), &[])?;
            let page = String::from_utf8_lossy(&answer.body);
            let found = answer.header("x-terraform-get").map(str::to_owned).or_else(|| meta(&page));
            let found = found.filter(|_| answer.status / 100 == 2).ok_or_else(|| {
                format!("the answer ({}) is neither an archive nor does it say where one is", answer.status)
            })?;
            let address = address::parse_remote(&absolute(&answer.url, &found))?;
            return self.below(&address, into, hops);
        };
        let answer = self.web.get(&asked(None), &[])?;
        if answer.status != 200 {
            return Err(format!("{} answered {}", answer.url, answer.status));
        }
        if let Some(checksum) = checksum {
            check(checksum, &answer.body)?;
        }
        unpacked(kind, &answer.body, into)
    }
}

fn unpacked(kind: Kind, bytes: &[u8], into: &Path) -> Result<Fetched, String> {
    archive::unpack(kind, bytes, into)?;
    Ok(Fetched { root: into.to_owned(), directory: String::new(), commit: String::new() })
}

/// The address in `<meta name="terraform-get" content="…">`.
fn meta(page: &str) -> Option<String> {
    let tag = page.split("<meta").skip(1).find(|tag| {
        tag.split('>').next().is_some_and(|tag| tag.contains("\"terraform-get\"") || tag.contains("'terraform-get'"))
    })?;
    let value = tag.split("content=").nth(1)?;
    let quote = value.chars().next()?;
    value[quote.len_utf8()..].split(quote).next().map(|text| text.replace("&amp;", "&"))
}

/// Holds an archive against the checksum in its address.
fn check(given: &str, bytes: &[u8]) -> Result<(), String> {
    let (kind, wanted) = given.split_once(':').unwrap_or(match given.len() {
        128 => ("sha512", given),
        40 => ("sha1", given),
        32 => ("md5", given),
        _ => ("sha256", given),
    });
    let found = match kind {
        "sha256" => hex(&Sha256::digest(bytes)),
        "sha512" => hex(&Sha512::digest(bytes)),
        "sha1" => hex(&sha1::Sha1::digest(bytes)),
        "md5" => hex(&md5::Md5::digest(bytes)),
        other => return Err(format!("checksums of the kind {other:?} are not supported; sha256 is")),
    };
    match found.eq_ignore_ascii_case(wanted) {
        true => Ok(()),
        false => Err(format!("the archive has the {kind} checksum {found}, not {wanted}")),
    }
}

/// A directory below another, where a step may be a pattern that fits one name. What a first pattern fits becomes the
/// package: an archive often holds one directory with a name that nobody knows.
fn without_patterns(root: &Path, sub: &str) -> Result<(PathBuf, String), String> {
    let mut root = root.to_owned();
    let mut steps: Vec<String> = Vec::new();
    for step in sub.split('/').filter(|step| !step.is_empty()) {
        if !step.contains('*') {
            steps.push(step.to_owned());
            continue;
        }
        let dir = steps.iter().fold(root.clone(), |dir, step| dir.join(step));
        let entries = std::fs::read_dir(&dir).map_err(|e| format!("{e}"))?.flatten().filter(|e| e.path().is_dir());
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let fitting: Vec<String> = names.filter(|name| fits(step, name)).collect();
        let [name] = &fitting[..] else {
            return Err(format!("{} directories of the package fit {step:?}; one has to", fitting.len()));
        };
        match steps.is_empty() {
            true => root.push(name),
            false => steps.push(name.clone()),
        }
    }
    Ok((root, steps.join("/")))
}

/// Whether a name fits a pattern with `*` for any letters.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            (0..=name.len()).filter(|at| name.is_char_boundary(*at)).any(|at| fits(rest, &name[at..]))
        }),
    }
}

/// An object of a bucket.
struct Bucket {
    region: Option<String>,
    name: String,
    key: String,
}

impl Bucket {
    /// The spellings that Terraform takes: `s3-region.amazonaws.com/bucket/key`, `bucket.s3-region.amazonaws.com/key`.
    fn read(url: &str) -> Result<Self, String> {
        let wrong = || {
            format!("{url:?} is not the address of an object, such as https://s3-eu-west-1.amazonaws.com/bucket/key")
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let rest = rest.split('?').next().unwrap_or_default();
        let (host, path) = rest.split_once('/').ok_or_else(wrong)?;
        if scheme == "s3" {
            return Ok(Bucket { region: None, name: host.to_owned(), key: path.to_owned() });
        }
        let service = host.strip_suffix(".amazonaws.com").ok_or_else(wrong)?;
        let (before, service) = match service.rfind(".s3") {
            Some(at) => (Some(&service[..at]), &service[at + 1..]),
            None => (None, service),
        };
        let region = service.strip_prefix("s3-").or(service.strip_prefix("s3.")).map(str::to_owned);
        if region.is_none() && service != "s3" {
            return Err(wrong());
        }
        let (name, key) = match before {
            Some(bucket) => (bucket, path),
            None => path.split_once('/').ok_or_else(wrong)?,
        };
        Ok(Bucket { region, name: name.to_owned(), key: key.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_replaced_by_the_one_name_that_fits() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("owner-repo-0123/modules/a")).unwrap();
        let found = without_patterns(folder.path(), "*/modules/*").unwrap();
        assert_eq!(found, (folder.path().join("owner-repo-0123"), "modules/a".to_owned()));
        assert!(without_patterns(folder.path(), "x*").unwrap_err().contains("0 directories"));
        assert!(fits("a*c*", "abcd") && !fits("a*c", "abcd"));
    }

    #[test]
    fn an_object_of_a_bucket_is_read_in_every_spelling() {
        for url in [
            "https://s3-eu-west-1.amazonaws.com/bucket/dir/k.zip",
            "https://s3.eu-west-1.amazonaws.com/bucket/dir/k.zip",
            "https://bucket.s3-eu-west-1.amazonaws.com/dir/k.zip",
            "https://bucket.s3.eu-west-1.amazonaws.com/dir/k.zip",
        ] {
            let bucket = Bucket::read(url).unwrap();
            let found = (bucket.region.as_deref(), bucket.name.as_str(), bucket.key.as_str());
            assert_eq!(found, (Some("eu-west-1"), "bucket", "dir/k.zip"), "{url}");
        }
        assert!(Bucket::read("https://x.example/bucket/k.zip").is_err());
    }

    #[test]
    fn a_page_names_the_address_in_its_head() {
        let page = "<html><meta charset='x'><meta name=\"terraform-get\" content=\"x.zip?a=1&amp;b=2\" /></html>";
        assert_eq!(meta(page).as_deref(), Some("x.zip?a=1&b=2"));
        assert_eq!(meta("<html>"), None);
    }

    #[test]
    fn a_checksum_is_checked() {
        let right = "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
        assert_eq!(check(right, b"x"), Ok(()));
        assert!(check(right, b"y").unwrap_err().contains("not 2d71"));
        assert!(check("crc:0", b"y").is_err());
    }
}
