//! References to nothing: every name that an expression of a module uses must be declared in it.

use super::uses::{self, Context};
use super::{EPHEMERAL, Module, ModuleNode, reader};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::refs::{Reference, Step, Subject};
use crate::value::Name;
use crate::value::address::Mode;
use indexmap::IndexMap;
use std::collections::HashSet;
use std::sync::Arc;

struct Checker<'a> {
    module: &'a Module,
    children: &'a IndexMap<Name, Arc<ModuleNode>>,
    broken: &'a HashSet<String>,
    diags: &'a mut Diagnostics,
}

/// Reports every reference of the module to what is not there.
pub(super) fn check(
    module: &Module,
    children: &IndexMap<Name, Arc<ModuleNode>>,
    broken: &HashSet<String>,
    diags: &mut Diagnostics,
) {
    let mut checker = Checker { module, children, broken, diags };
    uses::visit(module, &mut |found, context| {
        // The content of a dynamic block may never be made; evaluating it finds what is wrong.
        if !found.iterators.is_empty() {
            return;
        }
        let (references, errors) = found.expr.all_references();
        checker.diags.extend(errors);
        for reference in &references {
            checker.reference(reference, context);
        }
    });
    let depends_on = module.resources.values().flat_map(|r| &r.depends_on);
    let depends_on = depends_on.chain(module.calls.values().flat_map(|c| &c.depends_on));
    for reference in depends_on.chain(module.outputs.values().flat_map(|o| &o.depends_on)) {
        checker.reference(reference, Context::default());
    }
}

impl Checker<'_> {
    fn reference(&mut self, reference: &Reference, context: Context<'_>) {
        let module = self.module;
        let problem = match &reference.subject {
            Subject::Module(name) => undeclared(module, &reference.subject).or_else(|| self.output(name, reference)),
            Subject::Resource { mode, type_name, name }
                if context.data.is_some_and(|d| d.mode == *mode && d.type_name == *type_name && d.name == *name) =>
            {
                None
            }
            Subject::Variable(_) | Subject::Local(_) | Subject::Resource { .. } => {
                undeclared(module, &reference.subject)
            }
            Subject::EachKey | Subject::EachValue if !context.each => Some(
                Diagnostic::error("\"each\" without \"for_each\"")
                    .code("invalid-reference")
                    .detail("\"each\" exists only in a block that has the argument \"for_each\"."),
            ),
            Subject::CountIndex if !context.count => Some(
                Diagnostic::error("\"count\" without a count")
                    .code("invalid-reference")
                    .detail("\"count.index\" exists only in a block that has the argument \"count\"."),
            ),
            Subject::SelfObject if !context.own => Some(
                Diagnostic::error("\"self\" outside of a postcondition")
                    .code("invalid-reference")
                    .detail(
                        "\"self\" is the object in its postconditions and provisioners; elsewhere it does not exist.",
                    )
                    .hint("Refer to the resource by its address."),
            ),
            Subject::Path(name) => unknown_word(name, "path", &["module", "root", "cwd"]),
            Subject::Terraform(name) => unknown_word(name, "terraform", &["workspace", "applying"]),
            _ => None,
        };
        if let Some(problem) = problem {
            self.diags.push(problem.at(reference.span.clone()));
        }
    }

    fn output(&self, call: &Name, reference: &Reference) -> Option<Diagnostic> {
        let child = self.children.get(call)?;
        if self.broken.contains(&child.module.dir) {
            return None;
        }
        let mut steps = reference.steps.iter().skip_while(|s| !matches!(s, Step::Attribute(_)));
        let Some(Step::Attribute(name)) = steps.next() else { return None };
        if let Some(output) = child.module.outputs.get(name) {
            let instead = output.deprecated.as_ref()?;
            let d = Diagnostic::warning(format!("The output {:?} is deprecated", &**name)).code("deprecated");
            return Some(d.detail(reader::sentence(instead)).about(format!("module.{call}")));
        }
        let names: Vec<&str> = child.module.outputs.keys().map(|n| &**n).collect();
        let d = Diagnostic::error("Reference to an undeclared output")
            .code("undeclared-output")
            .detail(format!("The module in {} has no output named {:?}.", child.module.dir, &**name));
        Some(reader::suggest(d, name, &names))
    }
}

/// That a subject is not declared in a module.
pub fn undeclared(module: &Module, subject: &Subject) -> Option<Diagnostic> {
    match subject {
        Subject::Variable(name) => absent(&module.variables, name, ("variable", "undeclared-variable"), "var."),
        Subject::Local(name) => absent(&module.locals, name, ("local value", "undeclared-local"), "local."),
        Subject::Module(name) => absent(&module.calls, name, ("module", "undeclared-module"), "module."),
        Subject::Resource { mode, type_name, name } => undeclared_resource(module, *mode, type_name, name),
        _ => None,
    }
}

fn undeclared_resource(module: &Module, mode: Mode, type_name: &Name, name: &Name) -> Option<Diagnostic> {
    if module.resources.contains_key(&(mode, type_name.clone(), name.clone())) {
        return None;
    }
    let (what, prefix) = if mode == Mode::Data { ("data source", "data.") } else { ("resource", "") };
    let address = match type_name.strip_prefix(EPHEMERAL) {
        Some(type_name) => format!("ephemeral.{type_name}.{name}"),
        None => format!("{prefix}{type_name}.{name}"),
    };
    let d = Diagnostic::error(format!("Reference to an undeclared {what}"))
        .code("undeclared-resource")
        .detail(format!("There is no {what} {address} in this module."));
    let all: Vec<String> = module
        .resources
        .keys()
        .map(|(m, t, n)| format!("{}{t}.{n}", if *m == Mode::Data { "data." } else { "" }))
        .collect();
    let other = if mode == Mode::Data { format!("{type_name}.{name}") } else { format!("data.{address}") };
    let mut candidates = all.iter().map(String::as_str);
    if candidates.any(|c| c == other) {
        return Some(d.hint(format!("Did you mean {other}?")));
    }
    // A wrong name is looked for among those of the type first: short names are near to anything.
    let of_type = module.resources.keys().filter(|(m, t, _)| *m == mode && t == type_name).map(|(_, _, n)| &**n);
    let near = did_you_mean(name, of_type).map(|n| format!("{prefix}{type_name}.{n}"));
    let near = near.or_else(|| did_you_mean(&address, all.iter().map(String::as_str)).map(str::to_owned));
    Some(match near {
        Some(near) => d.hint(format!("Did you mean {near}?")),
        None => d,
    })
}

fn absent<T>(
    all: &IndexMap<Name, T>,
    name: &Name,
    (what, code): (&str, &'static str),
    prefix: &str,
) -> Option<Diagnostic> {
    if all.contains_key(name) {
        return None;
    }
    let d = Diagnostic::error(format!("Reference to an undeclared {what}"))
        .code(code)
        .detail(format!("There is no {what} {:?} in this module.", &**name));
    Some(match did_you_mean(name, all.keys().map(|n| &**n)) {
        Some(near) => d.hint(format!("Did you mean {prefix}{near}?")),
        None => d,
    })
}

fn unknown_word(name: &Name, object: &str, words: &[&str]) -> Option<Diagnostic> {
    if words.contains(&&**name) {
        return None;
    }
    let d = Diagnostic::error(format!("Unknown attribute of {object:?}"))
        .code("unsupported-attribute")
        .detail(format!("There is no {object}.{name}; there are {}.", reader::list(words)));
    Some(match did_you_mean(name, words.iter().copied()) {
        Some(near) => d.hint(format!("Did you mean {object}.{near}?")),
        None => d,
    })
}
