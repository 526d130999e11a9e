//! The modules of a layout that are not directories of the workspace: found where they are installed, fetched where
//! they are missing, and held against the lock file.

use super::address::{self, Address, Package};
use super::cache::{Cache, Known};
use super::fetch::Fetcher;
use super::lock::{LockFile, Pin, version};
use super::manifest::{Entry, Manifest};
use super::registry::Registry;
use super::settings::Settings;
use super::tree;
use super::web::Web;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::version::allows;
use crate::lang::config::{Installed, Missing, ModuleCall, ModuleNode, Place};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How many packages are fetched at a time.
const PARALLEL: usize = 8;

/// The modules of one layout.
pub struct Modules {
    layout: PathBuf,
    /// The directory of installed modules, seen from the layout, with slashes.
    folder: String,
    lock: LockFile,
    manifest: Manifest,
    cache: Cache,
    /// Read only when something is fetched: a fault in the user's configuration is none of other commands.
    surroundings: (BTreeMap<String, String>, Option<PathBuf>),
    mode: Mode,
    /// The keys of what was installed in this run.
    fresh: BTreeSet<String>,
    hashes: RefCell<HashMap<String, Option<String>>>,
}

/// What may be done to what is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Use it; what differs from the lock file is an error.
    Use,
    /// Install again what differs from the lock file.
    Repair,
    /// Take the newest of everything.
    Upgrade,
}

/// One package that is wanted, for all the calls of it.
struct Want<'a> {
    package: Package,
    constraint: Option<String>,
    /// The calls, with the directory that each names.
    calls: Vec<(&'a Missing, Address)>,
}

/// A package that is there.
struct Got {
    pin: Pin,
    tree: PathBuf,
}

/// Why a package is not there.
enum Problem {
    Unreachable(String),
    Changed { pinned: String, found: String },
}

impl From<String> for Problem {
    fn from(reason: String) -> Self {
        Problem::Unreachable(reason)
    }
}

impl Modules {
    /// The modules of the layout in a directory.
    pub fn open(
        layout: &Path,
        environment: &BTreeMap<String, String>,
        home: Option<&Path>,
        mode: Mode,
    ) -> Result<Self, Diagnostics> {
        let named = |name: &str| environment.get(name).filter(|value| !value.is_empty());
        let data = named("TF_DATA_DIR").map_or(".terraform", |dir| dir.trim_end_matches('/'));
        let folder = format!("{data}/modules");
        let cache = named("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| home.map(|home| home.join(".cache")));
        let cache = cache.map_or_else(|| layout.join(data).join("cache"), |dir| dir.join("floorplan/modules"));
        Ok(Modules {
            layout: layout.to_owned(),
            manifest: Manifest::read(&layout.join(&folder).join("modules.json")),
            folder,
            lock: LockFile::read(layout)?,
            cache: Cache::new(cache),
            surroundings: (environment.clone(), home.map(Path::to_owned)),
            mode,
            fresh: BTreeSet::new(),
            hashes: RefCell::default(),
        })
    }

    /// Fetches what is missing, several at a time, and installs it.
    pub fn install(
        &mut self,
        missing: &[Missing],
        web: &dyn Web,
        say: &(dyn Fn(&str) + Sync),
    ) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::new();
        let mut wants: Vec<Want<'_>> = Vec::new();
        for one in missing {
            let Some(address) = problems.take(read(&one.call)) else { continue };
            let constraint = one.call.version.as_ref().map(|(text, _)| text.clone());
            match wants.iter_mut().find(|w| w.package == address.package && w.constraint == constraint) {
                Some(want) => want.calls.push((one, address)),
                None => {
                    wants.push(Want { package: address.package.clone(), constraint, calls: vec![(one, address)] });
                }
            }
        }
        let results: Vec<Mutex<Option<Result<Got, Problem>>>> = wants.iter().map(|_| Mutex::new(None)).collect();
        let next = Mutex::new(wants.iter().zip(&results));
        let this = &self.shared()?;
        std::thread::scope(|scope| {
            for _ in 0..wants.len().min(PARALLEL) {
                scope.spawn(|| {
                    while let Some((want, result)) = next.lock().ok().and_then(|mut all| all.next()) {
                        let got = this.obtain(want, web, say);
                        if let Ok(mut result) = result.lock() {
                            *result = Some(got);
                        }
                    }
                });
            }
        });
        for (want, result) in wants.iter().zip(results) {
            match result.into_inner().ok().flatten() {
                Some(Ok(got)) => self.put(want, &got, &mut problems),
                Some(Err(problem)) => problems.extend(want.calls.iter().map(|(m, a)| explain(&problem, m, a))),
                None => {}
            }
        }
        problems.into_result(())
    }

    /// The parts that threads may share.
    fn shared(&self) -> Result<Shared, Diagnostics> {
        let mut installed = HashMap::new();
        for entry in self.manifest.entries.values() {
            if !entry.version.is_empty() && self.mode != Mode::Upgrade {
                installed.insert(entry.key.clone(), (entry.source.clone(), entry.version.clone()));
            }
        }
        Ok(Shared {
            lock: if self.mode == Mode::Upgrade { LockFile::default() } else { self.lock.clone() },
            installed,
            cache: self.cache.clone(),
            settings: Settings::read(&self.surroundings.0, self.surroundings.1.as_deref())?,
        })
    }

    /// Copies a package to where each call looks for it.
    fn put(&mut self, want: &Want<'_>, got: &Got, problems: &mut Diagnostics) {
        for (missing, address) in &want.calls {
            let package = format!("{}/{}", self.folder, missing.key);
            let dir = [package.as_str(), &got.pin.directory, &address.sub];
            let dir = dir.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
            if let Err(e) = tree::copy(&got.tree, &self.layout.join(&package)) {
                let problem = Problem::Unreachable(format!("it cannot be written to {package}: {e}"));
                problems.push(explain(&problem, missing, address));
                continue;
            }
            if !self.layout.join(&dir).is_dir() {
                let reason = format!("the package has no directory {:?}", address.sub);
                problems.push(explain(&Problem::Unreachable(reason), missing, address));
                continue;
            }
            let registry = matches!(address.package, Package::Registry { .. });
            let entry = Entry {
                key: missing.key.clone(),
                source: address.to_string(),
                version: if registry { got.pin.version.clone() } else { String::new() },
                dir,
                hash: got.pin.hash.clone(),
            };
            self.hashes.borrow_mut().remove(&package);
            self.fresh.insert(missing.key.clone());
            self.manifest.entries.insert(missing.key.clone(), entry);
        }
        self.lock.add(got.pin.clone());
    }

    /// Whether something was installed.
    pub fn changed(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// Lists what the layout uses, once all of it is there; what it uses no longer is forgotten.
    pub fn finish(&mut self, root: &ModuleNode, read_only: bool) -> Result<Vec<Entry>, Diagnostics> {
        let mut entries = BTreeMap::new();
        let mut used = BTreeSet::new();
        self.collect(root, "", &mut entries, &mut used);
        let fetched: Vec<Entry> = entries.values().filter(|e: &&Entry| !e.hash.is_empty()).cloned().collect();
        for entry in &fetched {
            let Ok(address) = address::parse(&entry.source) else { continue };
            let package = address.package.to_string();
            if self.lock.find(&package, None).is_none() {
                let directory = self.inner_directory(entry, &address);
                let (version, hash) = (entry.version.clone(), entry.hash.clone());
                self.lock.add(Pin { package, version, directory, hash });
            }
        }
        self.lock.retain(|pin| {
            let git = pin.package.starts_with("git::");
            used.iter().any(|(package, version)| *package == pin.package && (git || *version == pin.version))
        });
        if read_only && self.lock.differs(&self.layout)? {
            return Err(Diagnostic::error(format!("{} would change", super::lock::NAME)).code("unwritable-file")
                .detail("The modules of the layout are not those of the lock file, and -lockfile=readonly forbids a change.")
                .hint("Run floorplan init without -lockfile=readonly, and commit the file.")
                .into());
        }
        self.lock.write(&self.layout)?;
        let path = self.layout.join(&self.folder).join("modules.json");
        if !fetched.is_empty() || path.exists() {
            entries.insert(
                String::new(),
                Entry {
                    key: String::new(),
                    source: String::new(),
                    version: String::new(),
                    dir: ".".into(),
                    hash: String::new(),
                },
            );
            self.manifest.entries = entries;
            self.manifest.write(&path).map_err(|e| {
                Diagnostic::error(format!("Cannot write {}", path.display()))
                    .code("unwritable-file")
                    .detail(format!("{e}."))
            })?;
        }
        Ok(fetched)
    }

    /// The entries of all calls below a module, and the packages that they use.
    fn collect(
        &self,
        node: &ModuleNode,
        way: &str,
        entries: &mut BTreeMap<String, Entry>,
        used: &mut BTreeSet<(String, String)>,
    ) {
        for (name, child) in &node.children {
            let key = if way.is_empty() { name.to_string() } else { format!("{way}.{name}") };
            let Some(call) = node.module.calls.get(name) else { continue };
            let dir = child.module.path.clone();
            let (mut source, mut version, mut hash) = (call.source.clone(), String::new(), String::new());
            if let Ok(address) = address::parse(&call.source)
                && call.dir.is_none()
            {
                source = address.to_string();
                // A module that several calls share is installed under the key of the first.
                let own = self.manifest.entries.get(&key).filter(|entry| entry.dir == dir);
                let installed = own.or_else(|| self.manifest.entries.values().find(|entry| entry.dir == dir));
                if let Some(entry) = installed {
                    version = entry.version.clone();
                    hash = self.hash(&self.package_of(entry)).unwrap_or_default();
                    used.insert((address.package.to_string(), version.clone()));
                }
            }
            entries.insert(key.clone(), Entry { key: key.clone(), source, version, dir, hash });
            self.collect(child, &key, entries, used);
        }
    }

    /// The directory of the package that an entry is in.
    fn package_of(&self, entry: &Entry) -> String {
        let package = format!("{}/{}", self.folder, entry.key);
        let inside = entry.dir.strip_prefix(&package).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if inside { package } else { entry.dir.clone() }
    }

    /// The directory in a package that the registry named, without the one that the call names.
    fn inner_directory(&self, entry: &Entry, address: &Address) -> String {
        let below = entry.dir.strip_prefix(&self.package_of(entry)).unwrap_or_default().trim_start_matches('/');
        below.strip_suffix(&address.sub).unwrap_or(below).trim_end_matches('/').to_owned()
    }

    fn hash(&self, package: &str) -> Option<String> {
        let mut hashes = self.hashes.borrow_mut();
        hashes.entry(package.to_owned()).or_insert_with(|| tree::hash(&self.layout.join(package)).ok()).clone()
    }
}

impl Installed for Modules {
    fn find(&self, key: &str, call: &ModuleCall) -> Result<Option<Place>, Diagnostic> {
        let address = read(call)?;
        if let Package::Directory(path) = &address.package {
            let dir = if address.sub.is_empty() { path.clone() } else { format!("{path}/{}", address.sub) };
            return Ok(Some(Place { package: path.clone(), dir }));
        }
        let Some(entry) = self.manifest.entries.get(key) else { return Ok(None) };
        let fresh = self.fresh.contains(key);
        let same = address::parse(&entry.source).is_ok_and(|installed| installed == address);
        if !same || (self.mode == Mode::Upgrade && !fresh) || !self.layout.join(&entry.dir).is_dir() {
            return Ok(None);
        }
        let constraint = call.version.as_ref().map(|(text, _)| text.as_str());
        let allowed = |text: &str| version(&entry.version).is_some_and(|v| allows(text, &v) == Some(true));
        if constraint.is_some_and(|text| !allowed(text)) {
            return Ok(None);
        }
        let package = self.package_of(entry);
        let pin = self.lock.find(&address.package.to_string(), constraint).filter(|_| !fresh);
        if let Some(pin) = pin {
            let registry = matches!(address.package, Package::Registry { .. });
            let stale = registry && pin.version != entry.version || !entry.hash.is_empty() && entry.hash != pin.hash;
            if stale {
                return Ok(None);
            }
            match self.hash(&package) {
                Some(found) if found == pin.hash => {}
                _ if self.mode == Mode::Repair => return Ok(None),
                found => return Err(altered(&package, pin, found.as_deref())),
            }
        }
        Ok(Some(Place { package, dir: entry.dir.clone() }))
    }
}

/// What threads need to obtain packages.
struct Shared {
    lock: LockFile,
    /// Source and version of what is installed, by key.
    installed: HashMap<String, (String, String)>,
    cache: Cache,
    settings: Settings,
}

impl Shared {
    /// A package from the cache or the network, with its pin.
    fn obtain(&self, want: &Want<'_>, web: &dyn Web, say: &(dyn Fn(&str) + Sync)) -> Result<Got, Problem> {
        let package = want.package.to_string();
        let pin = self.lock.find(&package, want.constraint.as_deref());
        if let Some((pin, tree)) = pin.and_then(|pin| Some((pin, self.cache.package(&pin.hash)?))) {
            return Ok(Got { pin: pin.clone(), tree });
        }
        let version = match (&want.package, pin) {
            (_, Some(pin)) => pin.version.clone(),
            (Package::Registry { host, name }, None) => match self.installed_version(want) {
                Some(version) => version,
                None => Registry { web, settings: &self.settings, host }.newest(name, want.constraint.as_deref())?,
            },
            _ => String::new(),
        };
        let known = self.cache.known(&index(&package, &version)).filter(|_| pin.is_none() && !version.is_empty());
        if let Some((known, tree)) =
            known.and_then(|known| Some((self.cache.package(&known.hash)?, known)).map(|(t, k)| (k, t)))
        {
            return Ok(Got { pin: Pin { package, version, directory: known.directory, hash: known.hash }, tree });
        }
        let callers: Vec<String> = want.calls.iter().map(|(m, _)| format!("module.{}", m.key)).collect();
        let shown = [package.as_str(), &version].join(" ");
        say(&format!("Fetching {} for {}", shown.trim_end(), callers.join(", ")));
        let folder = tempfile::tempdir().map_err(|e| format!("a temporary directory cannot be made: {e}"))?;
        let fetcher = Fetcher { web, settings: &self.settings };
        let fetched = fetcher.fetch(&want.package, &version, folder.path())?;
        let disk = |e: std::io::Error| format!("it cannot be kept: {e}");
        if let Some(link) = tree::leaving_link(&fetched.root).map_err(disk)? {
            return Err(format!("its symbolic link {link:?} leads out of the package").into());
        }
        let hash = tree::hash(&fetched.root).map_err(disk)?;
        if let Some(pin) = pin.filter(|pin| pin.hash != hash) {
            return Err(Problem::Changed { pinned: pin.hash.clone(), found: hash });
        }
        let tree = self.cache.keep(&fetched.root, &hash).map_err(disk)?;
        let version = if fetched.commit.is_empty() { version } else { fetched.commit };
        if !version.is_empty() {
            let known = Known { hash: hash.clone(), directory: fetched.directory.clone() };
            self.cache.remember(&index(&package, &version), &known).map_err(disk)?;
        }
        Ok(Got { pin: Pin { package, version, directory: fetched.directory, hash }, tree })
    }

    /// The version that one of the calls uses already.
    fn installed_version(&self, want: &Want<'_>) -> Option<String> {
        let of_call = |(missing, address): &(&Missing, Address)| {
            let (source, found) = self.installed.get(&missing.key)?;
            let allowed = want
                .constraint
                .as_deref()
                .is_none_or(|text| version(found).is_some_and(|found| allows(text, &found) == Some(true)));
            (allowed && address::parse(source).is_ok_and(|installed| installed == *address)).then(|| found.clone())
        };
        want.calls.iter().find_map(of_call)
    }
}

fn index(package: &str, version: &str) -> String {
    format!("{package} {version}")
}

/// The address of a call that is not a local path.
fn read(call: &ModuleCall) -> Result<Address, Diagnostic> {
    let address = address::parse(&call.source).map_err(|reason| {
        Diagnostic::error("Invalid module source")
            .code("module-source")
            .detail(format!("{:?}: {reason}.", call.source))
            .at(call.source_span.clone())
            .hint(
                "A local path starts with ./ or ../, a module of a registry is namespace/name/system, a repository is \
                 git::https://host/path.git.",
            )
    })?;
    match &call.version {
        Some((_, span)) if !matches!(address.package, Package::Registry { .. }) => {
            Err(Diagnostic::error("Version of a module without a registry")
                .code("module-source")
                .detail("Only modules of a registry have versions to choose from.")
                .at(span.clone())
                .hint("Remove \"version\"; a repository takes ?ref=TAG at the end of its address."))
        }
        _ => Ok(address),
    }
}

fn explain(problem: &Problem, missing: &Missing, address: &Address) -> Diagnostic {
    let call = &missing.call;
    let d = match problem {
        Problem::Unreachable(reason) => {
            Diagnostic::error(format!("Cannot fetch {address}")).code("module-fetch").detail(sentence(reason))
        }
        Problem::Changed { pinned, found } => Diagnostic::error(format!("{} has changed", address.package))
            .code("module-fetch")
            .detail(format!("The lock file pins the content {pinned}, but {found} was fetched."))
            .hint("If the change is expected, floorplan init -upgrade takes the new content."),
    };
    d.at(call.source_span.clone()).about(format!("module.{}", missing.key))
}

fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

fn altered(package: &str, pin: &Pin, found: Option<&str>) -> Diagnostic {
    Diagnostic::error(format!("{package} differs from the lock file"))
        .code("module-changed")
        .detail(format!(
            "The lock file pins {} with the content {}, but the directory has {}.",
            pin.package,
            pin.hash,
            found.unwrap_or("none")
        ))
        .hint("floorplan init installs what is pinned; floorplan init -upgrade takes the newest.")
}
