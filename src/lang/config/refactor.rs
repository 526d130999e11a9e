//! `moved`, `import` and `removed` blocks: changes of the state for objects that stay.

use super::ProviderRef;
use super::reader::{self, Shape};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Block, Expr};
use crate::lang::refs::Step;
use crate::value::address;
use crate::value::address::{InstanceKey, Mode, ResourceAddress, Target};

/// A `moved` block. Both addresses are relative to the module that has the block.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The address until now.
    pub from: Target,
    /// The address from now on.
    pub to: Target,
    /// Where `from` is.
    pub from_span: Span,
    /// Where `to` is.
    pub to_span: Span,
    /// Where the block's header is.
    pub span: Span,
}

/// An `import` block.
#[derive(Debug, Clone)]
pub struct Import {
    /// The resource, without any instance keys.
    pub to: ResourceAddress,
    /// The instance key of each module step of `to`, where one is given.
    pub module_keys: Vec<Option<Expr>>,
    /// The instance key, if one is given: a literal, or made from `each` or variables.
    pub key: Option<Expr>,
    /// The id of the object that exists, or the object of attributes that identify it.
    pub id: Expr,
    /// Whether `id` is given as `identity`.
    pub identity: bool,
    /// One import for each element.
    pub for_each: Option<Expr>,
    /// `provider`
    pub provider: Option<ProviderRef>,
    /// Where `to` is.
    pub to_span: Span,
    /// Where the block's header is.
    pub span: Span,
}

/// A `removed` block.
#[derive(Debug, Clone)]
pub struct Removed {
    /// The resource or module that the layout no longer holds, without instance keys.
    pub from: Target,
    /// Whether the objects are destroyed; if not, they are only forgotten.
    pub destroy: bool,
    /// Where `from` is.
    pub from_span: Span,
    /// Where the block's header is.
    pub span: Span,
}

const MOVED: Shape = Shape { what: "moved", attributes: &["from", "to"], blocks: &[] };
const IMPORT: Shape =
    Shape { what: "import", attributes: &["to", "id", "identity", "for_each", "provider"], blocks: &[] };
const REMOVED: Shape = Shape { what: "removed", attributes: &["from"], blocks: &["lifecycle"] };
const REMOVED_LIFECYCLE: Shape = Shape { what: "lifecycle", attributes: &["destroy"], blocks: &[] };

/// A `moved` block.
pub(super) fn read_moved(block: &Block, diags: &mut Diagnostics) -> Option<Moved> {
    reader::labels(block, &[], diags);
    MOVED.check(&block.body, diags);
    let from = reader::required(&block.body, "from", &block.span, diags).and_then(|e| target(&e, "from", diags));
    let to = reader::required(&block.body, "to", &block.span, diags).and_then(|e| target(&e, "to", diags));
    let ((from, from_span), (to, to_span)) = from.zip(to)?;
    let wrong =
        |detail: &str| Diagnostic::error("Impossible move").code("invalid-move").detail(detail).at(to_span.clone());
    let module = |t: &Target| matches!(t, Target::Module(_));
    if module(&from) != module(&to) {
        diags.push(wrong("A module can only become a module, and a resource only a resource."));
        return None;
    }
    if from == to {
        diags.push(wrong("Both addresses are the same."));
        return None;
    }
    if let (Some(a), Some(b)) = (resource_of(&from), resource_of(&to)) {
        if a.mode == Mode::Data || b.mode == Mode::Data {
            diags.push(wrong("A data source has no state that could move."));
            return None;
        }
        if !is_one_object(&a.type_name, &b.type_name) {
            let detail = format!("An object of type {} cannot become one of type {}.", a.type_name, b.type_name);
            diags.push(wrong(&detail));
            return None;
        }
    }
    Some(Moved { from, to, from_span, to_span, span: block.span.clone() })
}

/// Whether an object of one type can be one of another: both describe the same.
pub fn is_one_object(from: &str, to: &str) -> bool {
    let plain = |name: &str| match name.strip_prefix("aws_alb") {
        Some(rest) if rest.is_empty() || rest.starts_with('_') => format!("aws_lb{rest}"),
        _ => name.to_owned(),
    };
    plain(from) == plain(to)
        || matches!(
            (from, to),
            ("null_resource", "terraform_data")
                | (
                    "aws_security_group_rule",
                    "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule"
                )
        )
}

/// An `import` block.
pub(super) fn read_import(block: &Block, diags: &mut Diagnostics) -> Option<Import> {
    reader::labels(block, &[], diags);
    let body = &block.body;
    IMPORT.check(body, diags);
    let to = reader::required(body, "to", &block.span, diags);
    let identity = reader::expr(body, "identity");
    if let (Some(identity), Some(_)) = (&identity, reader::expr(body, "id")) {
        diags.push(
            Diagnostic::error("Both \"id\" and \"identity\"")
                .code("conflicting-arguments")
                .detail("An import names its object in one of the two ways.")
                .at(identity.span()),
        );
    }
    let (id, identity) = match identity {
        Some(identity) => (Some(identity), true),
        None => (reader::required(body, "id", &block.span, diags), false),
    };
    let provider = reader::expr(body, "provider").and_then(|e| reader::provider_ref(&e, diags));
    let (expr, id) = to.zip(id)?;
    let to_span = expr.span();
    let (target, module_keys, key) = import_target(&expr, diags)?;
    let resource = resource_of(&target).filter(|r| r.mode == Mode::Managed);
    if resource.is_none() {
        diags.push(
            Diagnostic::error("Invalid import target")
                .code("invalid-import")
                .detail("Only a managed resource can be imported: aws_vpc.main or aws_subnet.a[\"x\"].")
                .at(to_span.clone()),
        );
    }
    let to = resource?.clone();
    let for_each = reader::expr(body, "for_each");
    Some(Import { to, module_keys, key, id, identity, for_each, provider, to_span, span: block.span.clone() })
}

/// A `removed` block.
pub(super) fn read_removed(block: &Block, diags: &mut Diagnostics) -> Option<Removed> {
    reader::labels(block, &[], diags);
    REMOVED.check(&block.body, diags);
    let mut destroy = true;
    if let Some(lifecycle) = reader::nested_single(&block.body, "lifecycle", diags) {
        REMOVED_LIFECYCLE.check(&lifecycle.body, diags);
        destroy = reader::literal_bool(&lifecycle.body, "destroy", diags).unwrap_or(true);
    }
    let expr = reader::required(&block.body, "from", &block.span, diags)?;
    let (from, from_span) = target(&expr, "from", diags)?;
    let keyed = match &from {
        Target::Instance(_) => true,
        Target::Resource(r) => r.module.0.iter().any(|(_, k)| *k != InstanceKey::None),
        Target::Module(path) => path.0.iter().any(|(_, k)| *k != InstanceKey::None),
    };
    if keyed {
        diags.push(
            Diagnostic::error("Instance key in a \"removed\" block")
                .code("invalid-removed")
                .detail("All instances are removed at once: an instance key cannot be given.")
                .at(from_span.clone()),
        );
        return None;
    }
    if resource_of(&from).is_some_and(|r| r.mode == Mode::Data) {
        let detail = "A data source has no object that could be removed or forgotten.";
        diags.push(
            Diagnostic::error("Removed data source").code("invalid-removed").detail(detail).at(from_span.clone()),
        );
        return None;
    }
    Some(Removed { from, destroy, from_span, span: block.span.clone() })
}

fn resource_of(target: &Target) -> Option<&ResourceAddress> {
    match target {
        Target::Module(_) => None,
        Target::Resource(resource) => Some(resource),
        Target::Instance(instance) => Some(&instance.resource),
    }
}

/// The address without instance keys, the key of each module step, and the key of the instance.
fn import_target(expr: &Expr, diags: &mut Diagnostics) -> Option<(Target, Vec<Option<Expr>>, Option<Expr>)> {
    let Some(path) = expr.as_traversal() else {
        return parse(&expr.source(), &expr.span(), "to", diags).map(|target| (target, Vec::new(), None));
    };
    let mut names = vec![path.root.to_string()];
    // By the number of names before the key.
    let mut keys: Vec<(usize, Expr)> = Vec::new();
    for step in &path.steps {
        match step {
            Step::Index(value) => keys.push((names.len(), Expr::literal(value.clone(), &expr.span()))),
            Step::Expression(key) => keys.push((names.len(), key.clone())),
            Step::Attribute(name) => names.push(name.to_string()),
            Step::Splat => names.push("*".into()),
        }
    }
    let target = parse(&names.join("."), &expr.span(), "to", diags)?;
    let modules = resource_of(&target).map_or(0, |r| r.module.0.len());
    let mut key_at = |at: usize| keys.iter().position(|(names, _)| *names == at).map(|i| keys.remove(i).1);
    let module_keys = (1..=modules).map(|depth| key_at(depth * 2)).collect();
    let key = key_at(names.len());
    if !keys.is_empty() {
        parse(&expr.source(), &expr.span(), "to", diags)?;
    }
    Some((target, module_keys, key))
}

/// The address that an expression writes.
fn target(expr: &Expr, name: &str, diags: &mut Diagnostics) -> Option<(Target, Span)> {
    let span = expr.span();
    parse(&expr.source(), &span, name, diags).map(|target| (target, span))
}

fn parse(text: &str, span: &Span, name: &str, diags: &mut Diagnostics) -> Option<Target> {
    let parsed = address::parse(text);
    if let Err(reason) = &parsed {
        diags.push(
            Diagnostic::error(format!("Invalid address in {name:?}"))
                .code("invalid-reference")
                .detail(format!("Expected an address such as aws_vpc.main or module.network: {reason}."))
                .at(span.clone()),
        );
    }
    parsed.ok()
}
