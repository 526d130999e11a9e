//! `schema` and `data` blocks: the meta-arguments apart from the arguments.

use super::EPHEMERAL;
use super::timeouts::is_timeouts;
use super::{Lifecycle, ProviderRef, Provisioner, Timeouts, Types, lifecycle, provisioner, reader, shapes};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Block, Body, Expr};
use crate::lang::refs::Reference;
use crate::value::Name;
use crate::value::address::Mode;

/// A `schema` or `data` block.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Managed or data.
    pub mode: Mode,
    /// The type, such as `aws_subnet`.
    pub type_name: Name,
    /// Its name.
    pub name: Name,
    /// The arguments and nested blocks without the meta-arguments.
    pub body: Body,
    /// `count`
    pub count: Option<Expr>,
    /// `for_each`; never together with `count`.
    pub for_each: Option<Expr>,
    /// `provider`; without it the default configuration of the provider in the type's name.
    pub provider: Option<ProviderRef>,
    /// `depends_on`
    pub depends_on: Vec<Reference>,
    /// `lifecycle`, all defaults when left out.
    pub lifecycle: Lifecycle,
    /// `provisioner` blocks.
    pub provisioners: Vec<Provisioner>,
    /// `timeouts`, empty when left out.
    pub timeouts: Timeouts,
    /// Where the type's label is.
    pub type_span: Span,
    /// Where the block's header is.
    pub span: Span,
}

impl Resource {
    /// Whether it has other than exactly one instance.
    pub fn repeats(&self) -> bool {
        self.count.is_some() || self.for_each.is_some() || self.lifecycle.enabled.is_some()
    }
}

const META: [&str; 4] = ["count", "for_each", "provider", "depends_on"];
const META_BLOCKS: [&str; 3] = ["lifecycle", "provisioner", "connection"];

/// A `schema` or `data` block.
pub(super) fn read(block: &Block, mode: Mode, types: Option<&dyn Types>, diags: &mut Diagnostics) -> Option<Resource> {
    if !reader::labels(block, &["type", "name"], diags) {
        return None;
    }
    let [(type_name, type_span), (name, name_span)] = block.labels.as_slice() else { return None };
    reader::identifier(type_name.strip_prefix(EPHEMERAL).unwrap_or(type_name), type_span, diags);
    reader::identifier(name, name_span, diags);
    let body = &block.body;
    let (count, for_each) = repetition(body, diags);
    if mode == Mode::Data {
        refuse_provisioners(body, diags);
    }
    let arguments = body.without(&META, &META_BLOCKS).without_blocks(is_timeouts);
    let schema = types.and_then(|types| types.schema(mode, type_name));
    let arguments = match schema {
        Some(schema) => shapes::shaped(&arguments, &schema.attributes, diags),
        None => arguments,
    };
    let lifecycle = reader::nested_single(body, "lifecycle", diags).map(|b| lifecycle::read(&b, mode, diags));
    let lifecycle = lifecycle.unwrap_or_default();
    if let Some(repeated) = count.as_ref().or(for_each.as_ref()) {
        diags.extend(lifecycle.enabled.as_ref().map(|enabled| enabled_and_repeated(enabled, repeated)));
    }
    Some(Resource {
        mode,
        type_name: type_name.clone(),
        name: name.clone(),
        body: arguments,
        count,
        for_each,
        provider: reader::expr(body, "provider").and_then(|e| reader::provider_ref(&e, diags)),
        depends_on: reader::depends_on(body, diags),
        provisioners: if mode == Mode::Managed { provisioner::all(body, diags) } else { Vec::new() },
        lifecycle,
        timeouts: Timeouts::read(body, diags),
        type_span: type_span.clone(),
        span: block.span.clone(),
    })
}

/// `count` and `for_each`: only one may be given.
pub(super) fn repetition(body: &Body, diags: &mut Diagnostics) -> (Option<Expr>, Option<Expr>) {
    let (count, for_each) = (reader::argument(body, "count"), reader::argument(body, "for_each"));
    if let (Some(count), Some(for_each)) = (&count, &for_each) {
        diags.push(
            Diagnostic::error("Both \"count\" and \"for_each\"")
                .code("conflicting-arguments")
                .detail(format!("The two exclude one another; \"count\" is at {}.", reader::place(&count.name_span)))
                .at(for_each.name_span.clone())
                .hint("Use for_each where the instances have names, count where only their number matters."),
        );
    }
    (count.map(|a| a.expr), for_each.map(|a| a.expr))
}

/// That `enabled` stands beside an argument that says how many instances there are.
pub(super) fn enabled_and_repeated(enabled: &Expr, repeated: &Expr) -> Diagnostic {
    Diagnostic::error("\"enabled\" beside \"count\" or \"for_each\"")
        .code("conflicting-arguments")
        .detail(format!("The number of instances is already given at {}.", reader::place(&repeated.span())))
        .at(enabled.span())
        .hint("Use one of the two.")
}

fn refuse_provisioners(body: &Body, diags: &mut Diagnostics) {
    for block in body.blocks().filter(|b| matches!(&*b.ident, "provisioner" | "connection")) {
        diags.push(
            Diagnostic::error("Unsupported block")
                .code("unsupported-block")
                .detail(format!("Only a resource can have a {:?} block, not a data source.", &*block.ident))
                .at(block.span.clone()),
        );
    }
}
