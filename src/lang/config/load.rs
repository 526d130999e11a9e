//! Loading: the files of a directory become a module, the modules that it calls become a tree.
//!
//! All errors of all files are found in one go. Files come in through [`Files`] alone.

use super::call::{self, join};
use super::early::{Constants, Early, Sight};
use super::reader::sentence;
use super::{
    Module, ModuleCall, ModuleNode, Types, Variable, early, ephemeral, links, literal, merge, shapes, validate,
};
use crate::diag::{Diagnostic, Diagnostics, SourceFile, Span};
use crate::lang::expr::{Block, Body};
use crate::lang::parse;
use crate::value::Name;
use indexmap::IndexMap;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Where files are read from. Paths are relative to where the program runs, with `/` between
/// steps. Errors are reasons in words, such as `no such directory`.
pub trait Files {
    /// The names of the files directly in a directory, in any order, without directories.
    fn list(&self, dir: &str) -> Result<Vec<String>, String>;
    /// The content of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// The content of a directory and of the modules that it calls.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The root module.
    pub root: Arc<ModuleNode>,
    /// The SHA-256 of every file read, in hexadecimal, by its path from the root on.
    pub files: BTreeMap<String, String>,
    /// All files read.
    pub sources: Vec<Arc<SourceFile>>,
    /// Warnings, which stop nothing.
    pub warnings: Diagnostics,
}

/// The SHA-256 of the content of a file, in hexadecimal.
pub fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many modules may call one another in a row.
const MAX_DEPTH: usize = 100;

/// Whether a directory holds files of a layout.
pub fn is_layout(files: &dyn Files, dir: &str) -> bool {
    files.list(dir).is_ok_and(|names| names.iter().any(|name| kind(name) != FileKind::Other))
}

/// Whether the files of a directory are those of a root, and not of a module that others call: one of them has a
/// `layout` block, names a place for the state, or configures a provider.
pub fn is_root(files: &dyn Files, dir: &str) -> bool {
    let names = files.list(dir).unwrap_or_default();
    names.iter().filter(|name| kind(name) != FileKind::Other).any(|name| {
        let path = format!("{dir}/{name}");
        let Ok(bytes) = files.read(&path) else { return false };
        let json = name.ends_with(".json");
        let parsed = if json { parse::parse_json(&path, &bytes) } else { parse::parse(&path, &bytes) };
        match parsed {
            Ok(parsed) if json => parsed.body.attributes().any(|a| match &*a.name {
                "layout" | "provider" => true,
                "terraform" => ["\"backend\"", "\"cloud\""].iter().any(|name| a.expr.source().contains(name)),
                _ => false,
            }),
            Ok(parsed) => parsed.body.blocks().any(|block| is_of_root(&block)),
            // It is said when the layout is read.
            Err(_) => String::from_utf8_lossy(&bytes).lines().any(|line| {
                ["layout ", "provider ", "backend "].iter().any(|word| line.trim_start().starts_with(word))
            }),
        }
    })
}

/// Whether a file is configuration, by its name.
pub fn is_configuration(name: &str) -> bool {
    kind(name) != FileKind::Other
}

/// The blocks of a directory that say where its state is, whatever is wrong with others.
pub fn state_blocks(files: &dyn Files, dir: &str) -> Option<ModuleNode> {
    let given = |_: &Module| Ok(BTreeMap::new());
    let early = Early { given: &given, functions: &literal::no_world() };
    let root = match read(files, dir, &Nothing, None, early) {
        Ok(loaded) => loaded.root,
        Err((root, _)) => root?,
    };
    let (settings, layout) = (root.module.settings.clone(), root.module.layout.clone());
    let module = Module { settings, layout, dir: root.module.dir.clone(), path: ".".into(), ..Module::default() };
    Some(ModuleNode { module: Arc::new(module), children: IndexMap::new() })
}

fn is_of_root(block: &Block) -> bool {
    match &*block.ident {
        "layout" | "provider" => true,
        "terraform" => block.body.blocks().any(|inner| ["backend", "cloud"].contains(&&*inner.ident)),
        _ => false,
    }
}

/// Where the modules are that are not directories of this workspace.
pub trait Installed {
    /// The place of the module that a call names; `None` when it is not there. `key` is the way to the call: the
    /// names of the calls from the root on, with dots between them.
    fn find(&self, key: &str, call: &ModuleCall) -> Result<Option<Place>, Diagnostic>;
}

/// Where an installed module is. Paths start at the directory of the root module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The directory of the package, which a local path in it does not leave.
    pub package: String,
    /// The directory of the module in it.
    pub dir: String,
}

/// A module that is called and not installed.
#[derive(Debug, Clone)]
pub struct Missing {
    /// The way to the call, as [`Installed::find`] takes it.
    pub key: String,
    /// The call.
    pub call: ModuleCall,
}

/// Why a layout could not be loaded.
#[derive(Debug, Clone)]
pub struct Failed {
    /// All that is wrong.
    pub diags: Diagnostics,
    /// The modules that are not installed. Each is an error too.
    pub missing: Vec<Missing>,
}

/// Loads the module in `dir` and all that it calls; fails with all errors found. Nothing is installed, and no variable
/// has another value than its default.
pub fn load(files: &dyn Files, dir: &str) -> Result<Loaded, Diagnostics> {
    let defaults = |root: &Module| {
        let default = |v: &Variable| Some((v.name.clone(), v.default.clone()?));
        Ok(root.variables.values().filter_map(default).collect())
    };
    let early = Early { given: &defaults, functions: &literal::no_world() };
    read(files, dir, &Nothing, None, early).map_err(|(_, failed)| failed.diags)
}

/// The same with installed modules; when it fails, what was read is held against the types too, so that their errors
/// are found in the same run.
pub fn load_against(
    files: &dyn Files,
    dir: &str,
    installed: &dyn Installed,
    types: &dyn Types,
    early: Early<'_>,
) -> Result<Loaded, Failed> {
    read(files, dir, installed, Some(types), early).map_err(|(root, mut failed)| {
        failed.diags.extend(root.map(|root| validate(&root, types)).unwrap_or_default());
        failed
    })
}

/// No modules besides the directories of this workspace.
struct Nothing;

impl Installed for Nothing {
    fn find(&self, _: &str, _: &ModuleCall) -> Result<Option<Place>, Diagnostic> {
        Ok(None)
    }
}

fn read(
    files: &dyn Files,
    dir: &str,
    installed: &dyn Installed,
    types: Option<&dyn Types>,
    early: Early<'_>,
) -> Result<Loaded, (Option<Arc<ModuleNode>>, Failed)> {
    let dir = join(dir, "");
    let mut loader = Loader {
        files,
        installed,
        types,
        early,
        root: dir.clone(),
        diags: Diagnostics::new(),
        done: IndexMap::new(),
        with_constants: HashMap::new(),
        broken: HashSet::new(),
        calling: Vec::new(),
        way: Vec::new(),
        missing: Vec::new(),
        sources: Vec::new(),
        read: BTreeMap::new(),
    };
    let root = loader.module(&dir, ".", None, &|root| early.of_root(root));
    let Loader { diags, read: files, sources, missing, .. } = loader;
    match root {
        Some(root) if !diags.has_errors() => Ok(Loaded { root, files, sources, warnings: diags }),
        root => Err((root, Failed { diags, missing })),
    }
}

/// The kind of a file, by its name.
#[derive(PartialEq, Eq)]
enum FileKind {
    Configuration,
    Override,
    Other,
}

/// Whether a `.hcl` file belongs to another tool, or to another command of ours, by its name.
fn other_tool(stem: &str) -> bool {
    const NAMES: [&str; 5] =
        ["terragrunt", "terragrunt.stack", "terragrunt.values", "docker-bake", "docker-bake.override"];
    const ENDS: [&str; 10] = [
        ".tftest",
        ".tfquery",
        ".tfmock",
        ".tfcomponent",
        ".tfdeploy",
        ".pkr",
        ".pkrvars",
        ".nomad",
        ".sentinel",
        ".lock",
    ];
    NAMES.contains(&stem) || ENDS.iter().any(|end| stem.ends_with(end)) || stem == "drift.ignore"
}

fn kind(name: &str) -> FileKind {
    if name.starts_with('.') || name.ends_with('~') || name.starts_with('#') && name.ends_with('#') {
        return FileKind::Other;
    }
    let stem = [".tf", ".tofu", ".hcl", ".tf.json", ".tofu.json"].iter().find_map(|end| name.strip_suffix(end));
    match stem {
        Some(stem) if name.ends_with(".hcl") && other_tool(stem) => FileKind::Other,
        Some(stem) if stem == "override" || stem.ends_with("_override") => FileKind::Override,
        Some(_) => FileKind::Configuration,
        None => FileKind::Other,
    }
}

/// The files of a layout that other commands of Terraform read, and nothing here does.
fn not_run(names: &[String]) -> Option<Diagnostic> {
    const ENDS: [&str; 6] =
        [".tftest.hcl", ".tftest.json", ".tfquery.hcl", ".tfquery.json", ".tofutest.hcl", ".tofutest.json"];
    let found: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| ENDS.iter().any(|end| name.ends_with(end))).collect();
    (!found.is_empty()).then(|| {
        Diagnostic::warning("Tests and queries are not served")
            .code("unsupported-file")
            .detail(format!("{} is not read.", found.join(", ")))
            .hint("Use terraform test or terraform query for them.")
    })
}

/// A path that starts at the root module, or is absolute, as [`Files`] takes it.
fn join_root(root: &str, path: &str) -> String {
    if path.starts_with('/') { join(path, "") } else { join(root, path) }
}

/// Whether a path is a directory or below it.
fn is_within(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

struct Loader<'a> {
    files: &'a dyn Files,
    installed: &'a dyn Installed,
    types: Option<&'a dyn Types>,
    early: Early<'a>,
    /// The directory of the root module.
    root: String,
    diags: Diagnostics,
    /// By directory, and by the values of its constant variables.
    done: IndexMap<String, Option<Arc<ModuleNode>>>,
    /// Modules with constant variables, before it is known what they call.
    with_constants: HashMap<String, Module>,
    /// Directories with a file that could not be parsed: what they lack is not reported.
    broken: HashSet<String>,
    /// The modules being loaded, from the root on.
    calling: Vec<String>,
    /// The names of the calls that lead to the module being loaded.
    way: Vec<Name>,
    missing: Vec<Missing>,
    sources: Vec<Arc<SourceFile>>,
    /// The digests of the files, by their paths from the root on.
    read: BTreeMap<String, String>,
}

impl Loader<'_> {
    /// The module in `dir`, which is `relative` to the root module and may be in a `package`; `None` when there is none.
    /// `constants` gives the values of its constant variables.
    fn module(
        &mut self,
        dir: &str,
        relative: &str,
        package: Option<&str>,
        constants: &dyn Fn(&Module) -> Constants,
    ) -> Option<Arc<ModuleNode>> {
        if let Some(done) = self.done.get(dir) {
            return done.clone();
        }
        let read = self.with_constants.get(dir).cloned().or_else(|| self.read_files(dir, relative));
        let Some(mut module) = read else {
            self.done.insert(dir.to_owned(), None);
            return None;
        };
        let constants = constants(&module);
        let mut key = dir.to_owned();
        if !constants.is_empty() {
            key.push_str(&early::key(&constants));
            if let Some(done) = self.done.get(&key) {
                return done.clone();
            }
            self.with_constants.insert(dir.to_owned(), module.clone());
        }
        self.settle(&mut module, &constants);
        self.calling.push(dir.to_owned());
        let children = self.children(&module, package, &constants);
        self.calling.pop();
        let whole = !self.broken.contains(dir);
        links::check(&module, &children, whole, &self.broken, &mut self.diags);
        let node = ModuleNode { module: Arc::new(module), children };
        if whole {
            self.diags.extend(ephemeral::check(&node, relative == "."));
            for block in node.module.resources.values() {
                let schema = self.types.and_then(|types| types.schema(block.mode, &block.type_name));
                let found = schema.map(|schema| ephemeral::check_resource(&node, block, &schema.attributes));
                self.diags.extend(found.into_iter().flatten());
            }
        }
        let node = Some(Arc::new(node));
        self.done.insert(key, node.clone());
        node
    }

    /// Finds the sources of the modules that a module calls. A call without one is left out.
    fn settle(&mut self, module: &mut Module, constants: &Constants) {
        let mut calls = std::mem::take(&mut module.calls);
        let sight = Sight::new(module, constants, self.early);
        calls.retain(|_, call| self.diags.take(call::settle(call, &sight)).is_some());
        module.calls = calls;
    }

    fn children(
        &mut self,
        module: &Module,
        package: Option<&str>,
        constants: &Constants,
    ) -> IndexMap<Name, Arc<ModuleNode>> {
        let mut children = IndexMap::new();
        for call in module.calls.values() {
            self.way.push(call.name.clone());
            if let Some(node) = self.child(module, call, package, constants) {
                children.insert(call.name.clone(), node);
            }
            self.way.pop();
        }
        children
    }

    fn child(
        &mut self,
        caller: &Module,
        call: &ModuleCall,
        package: Option<&str>,
        constants: &Constants,
    ) -> Option<Arc<ModuleNode>> {
        let (dir, relative, package) = match &call.dir {
            Some(dir) => (dir.clone(), join(&caller.path, &call.source), package.map(str::to_owned)),
            None => {
                let place = self.place(call)?;
                (join_root(&self.root, &place.dir), place.dir, Some(place.package))
            }
        };
        if let Some(outside) = package.as_deref().filter(|package| !is_within(&relative, package)) {
            self.diags.push(
                Diagnostic::error("Local module path leaves its package")
                    .code("module-source")
                    .detail(format!("{:?} leads out of {outside}, which is all that was fetched.", call.source))
                    .at(call.source_span.clone()),
            );
            return None;
        }
        if let Some(cycle) = self.cycle(call, &dir) {
            self.diags.push(cycle);
            return None;
        }
        let known = self.done.contains_key(&dir);
        let early = self.early;
        let of_child = |child: &Module| Sight::new(caller, constants, early).constants_of(call, child);
        let node = self.module(&dir, &relative, package.as_deref(), &of_child);
        if node.is_none() && !known {
            self.locate(call);
        }
        node
    }

    /// Where an installed module is. One that is not there is an error, and remembered.
    fn place(&mut self, call: &ModuleCall) -> Option<Place> {
        let key = self.way.iter().map(|name| &**name).collect::<Vec<_>>().join(".");
        let about = format!("module.{}", call.name);
        let found = self.installed.find(&key, call);
        if let Ok(None) = found {
            self.diags.push(
                Diagnostic::error("Module is not installed")
                    .code("module-not-installed")
                    .detail(format!("{:?} was not fetched yet.", call.source))
                    .at(call.source_span.clone())
                    .about(about)
                    .hint("Run floorplan init."),
            );
            self.missing.push(Missing { key, call: call.clone() });
            return None;
        }
        let found = found.map_err(|d| d.at(call.source_span.clone()).about(about));
        self.diags.take(found).flatten()
    }

    fn cycle(&self, call: &ModuleCall, dir: &str) -> Option<Diagnostic> {
        let d = Diagnostic::error("Modules that call each other").code("module-cycle").at(call.source_span.clone());
        if self.calling.len() >= MAX_DEPTH {
            return Some(d.detail(format!("More than {MAX_DEPTH} modules call one another in a row.")));
        }
        let from = self.calling.iter().position(|calling| calling == dir)?;
        let mut way: Vec<&str> = self.calling[from..].iter().map(String::as_str).collect();
        way.push(dir);
        Some(d.detail(format!("The modules would never end: {}.", way.join(" -> "))))
    }

    /// Points the last finding, that a module's directory cannot be read, at the call of it.
    fn locate(&mut self, call: &ModuleCall) {
        let span = call.source_span.clone();
        let at = |d: Diagnostic, span: Span| d.at(span).about(format!("module.{}", call.name));
        let mut all: Vec<Diagnostic> = std::mem::take(&mut self.diags).into_iter().collect();
        if let Some(last) = all.pop() {
            all.push(at(last, span));
        }
        self.diags = all.into_iter().collect();
    }

    fn read_files(&mut self, dir: &str, relative: &str) -> Option<Module> {
        let mut names = match self.files.list(dir) {
            Ok(names) => names,
            Err(reason) => {
                self.diags.push(
                    Diagnostic::error(format!("Cannot read the directory {dir}"))
                        .code("unreadable-directory")
                        .detail(sentence(&reason)),
                );
                return None;
            }
        };
        names.sort();
        if relative == "." {
            self.diags.extend(not_run(&names));
        }
        // A file for OpenTofu takes the place of the one for Terraform.
        let all = names.clone();
        names.retain(|name| {
            let tofu = |end: &str| Some(format!("{}.tofu{}", name.strip_suffix(end)?, end.trim_start_matches(".tf")));
            let other = tofu(".tf.json").or_else(|| tofu(".tf"));
            !other.is_some_and(|other| all.contains(&other))
        });
        // Terragrunt's other file has a name that a layout may use too: only the files beside it decide.
        if names.iter().any(|name| name == "terragrunt.hcl") {
            names.retain(|name| name != "root.hcl");
        }
        let mut read = |wanted: FileKind| -> Vec<Option<Body>> {
            let of_kind = names.iter().filter(|name| kind(name) == wanted);
            let path = |name: &str| if dir == "." { name.to_owned() } else { join(dir, name) };
            of_kind.map(|name| self.file(dir, &path(name), &join(relative, name))).collect()
        };
        let (files, overrides) = (read(FileKind::Configuration), read(FileKind::Override));
        if files.is_empty() && overrides.is_empty() {
            self.diags.push(
                Diagnostic::error(format!("No configuration in {dir}"))
                    .code("unreadable-directory")
                    .detail("The directory holds no .tf, .tofu or .hcl files.")
                    .hint("Name the directory of a layout or module."),
            );
            return None;
        }
        // What a file that cannot be read may hold is not missed.
        let whole = !self.broken.contains(dir);
        let mut blocks: Vec<Block> = files.iter().flatten().flat_map(Body::blocks).collect();
        for block in overrides.iter().flatten().flat_map(Body::blocks) {
            let mut found = Diagnostics::new();
            merge::over(&mut blocks, &block, &mut found);
            self.diags.extend(found.into_iter().filter(|_| whole));
        }
        let mut module = Module { dir: dir.to_owned(), path: relative.to_owned(), ..Module::default() };
        module.add(&blocks, self.types, &mut self.diags);
        Some(module)
    }

    /// The content of a file of the module in `dir`.
    fn file(&mut self, dir: &str, path: &str, relative: &str) -> Option<Body> {
        let bytes = match self.files.read(path) {
            Ok(bytes) => bytes,
            Err(reason) => {
                self.broken.insert(dir.to_owned());
                self.diags.push(
                    Diagnostic::error(format!("Cannot read {path}")).code("unreadable-file").detail(sentence(&reason)),
                );
                return None;
            }
        };
        self.read.insert(relative.to_owned(), digest(&bytes));
        let json = path.ends_with(".json");
        let parsed = if json { parse::parse_json(path, &bytes) } else { parse::parse(path, &bytes) };
        let Some(file) = self.diags.take(parsed) else {
            self.broken.insert(dir.to_owned());
            return None;
        };
        self.sources.push(file.source.clone());
        let body = if json { shapes::of_file(&file.body, &mut self.diags) } else { file.body };
        Module::check_top(&body, &mut self.diags);
        Some(body)
    }
}

#[cfg(test)]
mod bad_arguments;
#[cfg(test)]
mod bad_blocks;
#[cfg(test)]
mod bad_modules;
#[cfg(test)]
mod constants;
#[cfg(test)]
mod json;
#[cfg(test)]
mod tests;
