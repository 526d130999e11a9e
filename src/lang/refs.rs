//! References in expressions: to resources, variables, locals, modules and the values given by the language itself.
//! Static: nothing is looked up here.

use super::expr::Expr;
use crate::diag::{Diagnostic, Span};
use crate::value::address::Mode;
use crate::value::{Name, Value};
use std::fmt;

/// A path as it is written, before it is known what it refers to.
#[derive(Debug, Clone)]
pub struct Traversal {
    /// The first name.
    pub root: Name,
    /// Where that is.
    pub root_span: Span,
    /// The steps after it.
    pub steps: Vec<Step>,
    /// The whole path.
    pub span: Span,
}

/// A step of a path.
#[derive(Debug, Clone)]
pub enum Step {
    /// `.name`
    Attribute(Name),
    /// `["key"]`, `[0]` or `.0`
    Index(Value),
    /// `[key]`, known only by evaluating.
    Expression(Expr),
    /// `[*]` or `.*`
    Splat,
}

impl Step {
    /// The attribute that it is.
    pub fn attribute(&self) -> Option<&str> {
        match self {
            Step::Attribute(name) => Some(name),
            _ => None,
        }
    }
}

/// A reference: what it is to, and the way into it.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The subject.
    pub subject: Subject,
    /// The steps after the subject, instance key first.
    pub steps: Vec<Step>,
    /// The whole reference.
    pub span: Span,
}

/// What the types of `ephemeral` blocks have before their name.
pub const EPHEMERAL: &str = "ephemeral-";

/// The things that can be referred to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// `aws_vpc.main`, `data.aws_ami.base`
    Resource {
        /// Managed or data.
        mode: Mode,
        /// Such as `aws_vpc`.
        type_name: Name,
        /// The name given.
        name: Name,
    },
    /// `var.name`
    Variable(Name),
    /// `local.name`
    Local(Name),
    /// `module.name`
    Module(Name),
    /// `each.key`
    EachKey,
    /// `each.value`
    EachValue,
    /// `count.index`
    CountIndex,
    /// `self`
    SelfObject,
    /// `path.module` and its like
    Path(Name),
    /// `terraform.workspace`
    Terraform(Name),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Resource { mode: Mode::Managed, type_name, name } => write!(f, "{type_name}.{name}"),
            Subject::Resource { mode: Mode::Data, type_name, name } => match type_name.strip_prefix(EPHEMERAL) {
                Some(type_name) => write!(f, "ephemeral.{type_name}.{name}"),
                None => write!(f, "data.{type_name}.{name}"),
            },
            Subject::Variable(name) => write!(f, "var.{name}"),
            Subject::Local(name) => write!(f, "local.{name}"),
            Subject::Module(name) => write!(f, "module.{name}"),
            Subject::EachKey => f.write_str("each.key"),
            Subject::EachValue => f.write_str("each.value"),
            Subject::CountIndex => f.write_str("count.index"),
            Subject::SelfObject => f.write_str("self"),
            Subject::Path(name) => write!(f, "path.{name}"),
            Subject::Terraform(name) => write!(f, "terraform.{name}"),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.subject)?;
        self.steps.iter().try_for_each(|s| write!(f, "{s}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Attribute(name) => write!(f, ".{name}"),
            Step::Index(key) => match (key.as_str(), key.as_number()) {
                (Some(text), _) => write!(f, "[{text:?}]"),
                (None, Some(number)) => write!(f, "[{number}]"),
                _ => f.write_str("[null]"),
            },
            Step::Expression(expr) => write!(f, "[{}]", expr.span().text()),
            Step::Splat => f.write_str("[*]"),
        }
    }
}

impl Traversal {
    /// The reference that the path is.
    pub fn to_reference(&self) -> Result<Reference, Diagnostic> {
        let attribute = |i: usize| match self.steps.get(i) {
            Some(Step::Attribute(name)) => Some(name),
            _ => None,
        };
        let (subject, used) = subject(&self.root, attribute(0), attribute(1)).map_err(|e| e.at(self.span.clone()))?;
        Ok(Reference { subject, steps: self.steps[used..].to_vec(), span: self.span.clone() })
    }
}

/// The subject that a root and the two attributes after it name, and how many of those it takes.
pub(super) fn subject(
    root: &Name,
    first: Option<&Name>,
    second: Option<&Name>,
) -> Result<(Subject, usize), Diagnostic> {
    let one = |make: fn(Name) -> Subject| match first {
        Some(name) => Ok((make(name.clone()), 1)),
        None => Err(Diagnostic::error("Invalid reference").code("invalid-reference").detail(format!(
            "The {:?} object cannot be accessed directly. Instead, access one of its attributes.",
            &**root
        ))),
    };
    match &**root {
        "var" => one(Subject::Variable),
        "local" => one(Subject::Local),
        "module" => one(Subject::Module),
        "path" => one(Subject::Path),
        "terraform" => one(Subject::Terraform),
        "self" => Ok((Subject::SelfObject, 0)),
        "each" => match first.map(|n| &**n) {
            Some("key") => Ok((Subject::EachKey, 1)),
            Some("value") => Ok((Subject::EachValue, 1)),
            given => Err(no_attribute("each", given, "each.key and each.value")),
        },
        "count" => match first.map(|n| &**n) {
            Some("index") => Ok((Subject::CountIndex, 1)),
            given => Err(no_attribute("count", given, "count.index")),
        },
        "data" => match (first, second) {
            (Some(type_name), Some(name)) => Ok((resource(Mode::Data, type_name, name), 2)),
            _ => Err(Diagnostic::error("Invalid reference").code("invalid-reference").detail(
                "The \"data\" object must be followed by two attribute names: the data source type and the resource name.",
            )),
        },
        "ephemeral" => match (first, second) {
            (Some(type_name), Some(name)) => {
                Ok((resource(Mode::Data, &format!("{EPHEMERAL}{type_name}").into(), name), 2))
            }
            _ => Err(Diagnostic::error("Invalid reference").code("invalid-reference").detail(
                "The \"ephemeral\" object must be followed by two attribute names: the type and the name of the block.",
            )),
        },
        "resource" => match (first, second) {
            (Some(type_name), Some(name)) => Ok((resource(Mode::Managed, type_name, name), 2)),
            _ => Err(Diagnostic::error("Invalid reference").code("invalid-reference").detail(
                "The \"resource\" object must be followed by two attribute names: the resource type and the resource name.",
            )),
        },
        _ => match first {
            Some(name) => Ok((resource(Mode::Managed, root, name), 1)),
            None => {
                let known = ["var", "local", "module", "data", "each", "count", "self", "path", "terraform", "true", "false", "null"];
                let d = Diagnostic::error("Invalid reference").code("invalid-reference").detail(
                    "A reference to a resource type must be followed by at least one attribute access, specifying the resource name.",
                );
                Err(match crate::diag::did_you_mean(root, known) {
                    Some(near) if root.len() > 2 => d.hint(format!("Did you mean {near:?}?")),
                    _ => d.hint(format!("If this is meant as text, put it in quotes: \"{root}\".")),
                })
            }
        },
    }
}

fn resource(mode: Mode, type_name: &Name, name: &Name) -> Subject {
    Subject::Resource { mode, type_name: type_name.clone(), name: name.clone() }
}

fn no_attribute(object: &str, given: Option<&str>, supported: &str) -> Diagnostic {
    match given {
        Some(name) => Diagnostic::error(format!("Invalid {object:?} attribute"))
            .code("invalid-reference")
            .detail(format!("The {object:?} object does not have an attribute named {name:?}. It has {supported}.")),
        None => Diagnostic::error("Invalid reference").code("invalid-reference").detail(format!(
            "The {object:?} object cannot be accessed directly. Instead, access one of its attributes: {supported}."
        )),
    }
}

pub(super) fn not_a_reference(span: &Span) -> Diagnostic {
    Diagnostic::error("Invalid expression").code("invalid-reference")
        .detail("A single static reference is required: only attribute access and indexing with constant keys. No calculations, function calls, template expressions, etc are allowed here.")
        .at(span.clone())
}
