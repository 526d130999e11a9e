//! Programs that a layout of strangers would run here. A pull request from a fork is code that nobody has reviewed.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::config::ModuleNode;
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
            "{what} runs a program, and the layout comes from {fork}. The program could use all that this job may do."
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
        for ((mode, type_name, name), block) in &node.module.resources {
            if *mode == Mode::Data && &**type_name == "external" {
                self.add(&format!("data.{type_name}.{name}"), &block.span);
            }
        }
        for provider in &node.module.providers {
            for argument in PROFILES.iter().filter_map(|name| provider.body.attribute(name)) {
                self.add(
                    &format!("A profile of the files that provider {:?} names", provider.name),
                    &argument.expr.span(),
                );
            }
        }
        node.children.values().for_each(|child| self.walk(child));
    }

    fn add(&mut self, what: &str, span: &Span) {
        if self.seen.insert((span.file.path.clone(), span.range.start)) {
            self.problems.push(refusal(what, self.fork).at(span.clone()));
        }
    }
}
