//! The lock file of a layout: which version of each module it uses, with the hash of its content.

use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::version::allows;
use crate::lang::expr::Block;
use crate::lang::parse;
use semver::Version;
use std::fmt::Write;
use std::path::Path;

/// Its name, beside the files of the layout.
pub const NAME: &str = ".floorplan.lock.hcl";

const HEAD: &str = "\
# The modules of this layout, each with the hash of its content. `floorplan init` writes this file;
# `floorplan init -upgrade` renews it. Commit it, so that every run uses the same modules.
";

/// One module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin {
    /// The package, as [`super::address::Package`] prints it.
    pub package: String,
    /// The version in a registry, or the commit in a repository; empty for other kinds.
    pub version: String,
    /// The directory that is the module, if the package does not begin with it.
    pub directory: String,
    /// The hash of the package.
    pub hash: String,
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockFile {
    pins: Vec<Pin>,
}

impl LockFile {
    /// Reads the lock file of a layout; one that is not there is empty.
    pub fn read(layout: &Path) -> Result<Self, Diagnostics> {
        let path = layout.join(NAME);
        if !path.exists() {
            return Ok(Self::default());
        }
        let bytes = super::disk::read_named(&path).map_err(|e| {
            Diagnostic::error(format!("Cannot read {}", path.display())).code("unreadable-file").detail(format!("{e}."))
        })?;
        let file = parse::parse(&path.to_string_lossy(), &bytes)?;
        let mut problems = Diagnostics::new();
        let pins = file.body.blocks().filter_map(|block| problems.take(pin(&block))).collect();
        problems.into_result(LockFile { pins })
    }

    /// Writes the file where its content changes. A layout without modules has no file.
    pub fn write(&self, layout: &Path) -> Result<bool, Diagnostic> {
        let path = layout.join(NAME);
        let problem = |e: std::io::Error| {
            Diagnostic::error(format!("Cannot write {}", path.display()))
                .code("unwritable-file")
                .detail(format!("{e}."))
        };
        if self.pins.is_empty() {
            let there = path.exists();
            return if there { std::fs::remove_file(&path).map(|()| true).map_err(problem) } else { Ok(false) };
        }
        let text = self.text();
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(false);
        }
        let new = path.with_extension(format!("hcl.{}", std::process::id()));
        std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, &path)).map_err(problem)?;
        Ok(true)
    }

    /// Whether writing it would change the file.
    pub fn differs(&self, layout: &Path) -> Result<bool, Diagnostics> {
        let mut old = Self::read(layout)?;
        old.pins.sort();
        let mut new = self.clone();
        new.pins.sort();
        Ok(old != new)
    }

    fn text(&self) -> String {
        let mut pins = self.pins.clone();
        pins.sort();
        let mut text = HEAD.to_owned();
        for pin in pins {
            let word = if pin.package.starts_with("git::") { "commit" } else { "version" };
            let lines = [(word, &pin.version), ("directory", &pin.directory), ("hash", &pin.hash)];
            let lines: Vec<_> = lines.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            let wide = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
            let _ = write!(text, "\nmodule {} {{\n", quoted(&pin.package));
            for (name, value) in lines {
                let _ = writeln!(text, "  {name:wide$} = {}", quoted(value));
            }
            text.push_str("}\n");
        }
        text
    }

    /// The pin of a package: of those that a constraint allows the newest.
    pub fn find(&self, package: &str, constraint: Option<&str>) -> Option<&Pin> {
        let of_package = self.pins.iter().filter(|pin| pin.package == package);
        match constraint {
            None => of_package.max_by_key(|pin| version(&pin.version)),
            Some(text) => of_package
                .filter_map(|pin| Some((version(&pin.version)?, pin)))
                .filter(|(version, _)| allows(text, version) == Some(true))
                .max_by(|(a, _), (b, _)| a.cmp(b))
                .map(|(_, pin)| pin),
        }
    }

    /// Adds a pin, in the place of one for the same version.
    pub fn add(&mut self, pin: Pin) {
        let git = pin.package.starts_with("git::");
        self.pins.retain(|old| old.package != pin.package || (!git && old.version != pin.version));
        self.pins.push(pin);
    }

    /// Removes the pins that are not used.
    pub fn retain(&mut self, used: impl Fn(&Pin) -> bool) {
        self.pins.retain(used);
    }
}

/// A version as registries write it.
pub fn version(text: &str) -> Option<Version> {
    Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()
}

fn pin(block: &Block) -> Result<Pin, Diagnostic> {
    let broken = |what: &str| {
        Diagnostic::error("Lock file cannot be read")
            .code("lock-file")
            .detail(format!("{what}."))
            .at(block.span.clone())
            .hint("Take the file from version control again, or delete it and run floorplan init.")
    };
    if &*block.ident != "module" {
        return Err(broken("Only \"module\" blocks are expected"));
    }
    let [(package, _)] = &block.labels[..] else { return Err(broken("A block needs one label, the module")) };
    let text = |name: &str| -> Result<String, Diagnostic> {
        let Some(attribute) = block.body.attribute(name) else { return Ok(String::new()) };
        let text = attribute.expr.as_string().map(|text| text.to_string());
        text.ok_or_else(|| broken(&format!("{name:?} is not a text")))
    };
    let (version, commit) = (text("version")?, text("commit")?);
    let version = if version.is_empty() { commit } else { version };
    let pin = Pin { package: package.to_string(), version, directory: text("directory")?, hash: text("hash")? };
    if pin.hash.is_empty() {
        return Err(broken("\"hash\" is missing"));
    }
    Ok(pin)
}

/// A text of the language.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(package: &str, version: &str) -> Pin {
        Pin { package: package.into(), version: version.into(), directory: String::new(), hash: "h1:x=".into() }
    }

    #[test]
    fn a_lock_file_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut lock = LockFile::default();
        assert!(!lock.write(folder.path()).unwrap());
        lock.add(pin("registry.terraform.io/a/b/c", "1.2.0"));
        lock.add(pin("git::https://x.example/${y}.git?ref=v1", "0123abc"));
        lock.add(Pin { directory: "modules/x".into(), ..pin("https://x.example/z.zip", "") });
        assert!(lock.write(folder.path()).unwrap());
        insta::assert_snapshot!(std::fs::read_to_string(folder.path().join(NAME)).unwrap(), @r#"
        # The modules of this layout, each with the hash of its content. `floorplan init` writes this file;
        # `floorplan init -upgrade` renews it. Commit it, so that every run uses the same modules.

        module "git::https://x.example/$${y}.git?ref=v1" {
          commit = "0123abc"
          hash   = "h1:x="
        }

        module "https://x.example/z.zip" {
          directory = "modules/x"
          hash      = "h1:x="
        }

        module "registry.terraform.io/a/b/c" {
          version = "1.2.0"
          hash    = "h1:x="
        }
        "#);
        let read = LockFile::read(folder.path()).unwrap();
        assert!(!read.write(folder.path()).unwrap());
        assert!(!lock.differs(folder.path()).unwrap());
        std::fs::write(folder.path().join(NAME), "module \"a\" {\n  version = 1\n}\n").unwrap();
        assert!(LockFile::read(folder.path()).is_err());
    }

    #[test]
    fn the_newest_version_that_is_allowed_is_found() {
        let mut lock = LockFile::default();
        for version in ["1.2.0", "1.10.0", "2.0.0"] {
            lock.add(pin("a", version));
        }
        let found = |constraint| lock.find("a", constraint).map(|pin| pin.version.as_str());
        assert_eq!(found(Some("~> 1.0")), Some("1.10.0"));
        assert_eq!(found(None), Some("2.0.0"));
        assert_eq!(found(Some("> 2")), None);
        assert_eq!(lock.find("b", None), None);
    }
}
