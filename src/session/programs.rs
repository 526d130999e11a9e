//! Programs that a layout of strangers would run here. A pull request from a fork is code that nobody has reviewed.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::config::{ModuleNode, Resource};
use crate::lang::expr::Body;
use crate::value::address::Mode;
use std::collections::BTreeSet;

/// Arguments of a provider that name files of the AWS CLI, in which `credential_process` may name a program.
const PROFILES: [&str; 2] = ["shared_config_files", "shared_credentials_files"];

/// An error for each block that would run a program while planning; `fork` is the repository that the layout comes from.
pub fn refused(root: &ModuleNode, fork: &str) -> Diagnostics {
    let mut found = Found { fork, seen: BTreeSet::new(), problems: Diagnostics::new() };
    found.walk(root);
    found.problems
}

/// The error for something that would run a program.
pub fn refusal(what: &str, fork: &str) -> Diagnostic {
    Diagnostic::error("A pull request from a fork runs no programs")
        .code("forge-fork")
        .detail(format!(
            "{what} can run a program here, and the layout comes from {fork}. The program could use all that this job may do."
        ))
        .hint("Review the change, and preview it from a branch of the repository itself.")
}

struct Found<'a> {
    fork: &'a str,
    /// Two calls of one module share its blocks.
    seen: BTreeSet<(String, usize)>,
    problems: Diagnostics,
}

impl Found<'_> {
    fn walk(&mut self, node: &ModuleNode) {
        let module = &node.module;
        let data = module.resources.iter().filter(|((mode, ..), _)| *mode == Mode::Data).map(|(_, block)| block);
        for block in data.chain(module.checks.values().filter_map(|check| check.data.as_ref())) {
            if can_run(block) {
                self.add(&format!("data.{}.{}", block.type_name, block.name), &block.span);
            }
        }
        for provider in &module.providers {
            self.profiles(&format!("provider {:?}", provider.name), &provider.body);
        }
        let backend = module.settings.as_ref().and_then(|settings| settings.backend.as_ref());
        let state = module.layout.as_ref().and_then(|layout| layout.state.as_ref());
        for place in backend.into_iter().chain(state) {
            self.profiles(&format!("block {:?}", place.kind), &place.body);
        }
        node.children.values().for_each(|child| self.walk(child));
    }

    fn profiles(&mut self, of: &str, body: &Body) {
        for argument in PROFILES.iter().filter_map(|name| body.attribute(name)) {
            self.add(&format!("A profile of the files that {of} names"), &argument.expr.span());
        }
    }

    fn add(&mut self, what: &str, span: &Span) {
        if self.seen.insert((span.file.path.clone(), span.range.start)) {
            self.problems.push(refusal(what, self.fork).at(span.clone()));
        }
    }
}

/// Whether a data source runs a program, or may name a profile that does.
fn can_run(block: &Resource) -> bool {
    match &*block.type_name {
        "external" => true,
        "terraform_remote_state" => {
            let backend = block.body.attribute("backend").map(|argument| argument.expr.span().text().trim().to_owned());
            !matches!(backend.as_deref(), Some("\"local\"" | "\"http\""))
        }
        _ => false,
    }
}
