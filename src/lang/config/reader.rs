//! Reading a block's body: which arguments and nested blocks it takes, and the literal values that
//! are needed before anything is evaluated. Every mistake is reported; none ends the reading.

use super::ProviderRef;
use super::literal::literal;
use crate::diag::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::lang::expr::{Attribute, Block, Body, Expr};
use crate::lang::parse;
use crate::lang::refs::{Reference, Step, Subject};
use crate::value::{Name, Type};

/// The arguments and blocks of a kind of block.
pub(super) struct Shape {
    /// The kind, as in `a "variable" block`.
    pub what: &'static str,
    /// Its arguments.
    pub attributes: &'static [&'static str],
    /// Its nested blocks.
    pub blocks: &'static [&'static str],
}

impl Shape {
    /// Reports what the body holds beyond it.
    pub fn check(&self, body: &Body, diags: &mut Diagnostics) {
        for attribute in body.attributes() {
            let name = &*attribute.name;
            if !self.attributes.contains(&name) {
                diags.push(self.unknown_argument(name).at(attribute.name_span.clone()));
            }
        }
        for block in body.blocks() {
            let name = &*block.ident;
            if !self.blocks.contains(&name) {
                diags.push(self.unknown_block(name).at(block.ident_span.clone()));
            }
        }
    }

    fn unknown_argument(&self, name: &str) -> Diagnostic {
        let d = Diagnostic::error("Unsupported argument").code("unsupported-argument");
        if self.blocks.contains(&name) {
            return d
                .detail(format!("In a {:?} block, {name:?} is a block, not an argument.", self.what))
                .hint(format!("Write `{name} {{ … }}`, without an equals sign."));
        }
        let d = d.detail(format!("A {:?} block takes no argument named {name:?}.", self.what));
        suggest(d, name, self.attributes)
    }

    fn unknown_block(&self, name: &str) -> Diagnostic {
        let d = Diagnostic::error("Unsupported block").code("unsupported-block");
        if self.attributes.contains(&name) {
            return d
                .detail(format!("In a {:?} block, {name:?} is an argument, not a block.", self.what))
                .hint(format!("Write `{name} = …`."));
        }
        let d = d.detail(format!("A {:?} block takes no block named {name:?}.", self.what));
        suggest(d, name, self.blocks)
    }
}

/// Adds the nearest of `candidates`, or all of them when they are few.
pub(super) fn suggest(d: Diagnostic, given: &str, candidates: &[&str]) -> Diagnostic {
    match did_you_mean(given, candidates.iter().copied()) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None if (1..=12).contains(&candidates.len()) => d.hint(format!("It takes {}.", list(candidates))),
        None => d,
    }
}

/// "a, b and c".
pub(super) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The argument `name`.
pub(super) fn argument(body: &Body, name: &str) -> Option<Attribute> {
    body.attribute(name)
}

/// The value of the argument `name`.
pub(super) fn expr(body: &Body, name: &str) -> Option<Expr> {
    argument(body, name).map(|a| a.expr)
}

/// The value of an argument that must be there.
pub(super) fn required(body: &Body, name: &str, header: &Span, diags: &mut Diagnostics) -> Option<Expr> {
    let found = expr(body, name);
    if found.is_none() {
        diags.push(
            Diagnostic::error("Missing required argument")
                .code("missing-argument")
                .detail(format!("The argument {name:?} is required, but is not given."))
                .at(header.clone()),
        );
    }
    found
}

/// The nested blocks `name`.
pub(super) fn nested(body: &Body, name: &str) -> Vec<Block> {
    body.blocks_of(name).collect()
}

/// The nested block `name`. There may be one; it takes no labels.
pub(super) fn nested_single(body: &Body, name: &str, diags: &mut Diagnostics) -> Option<Block> {
    let mut found = nested(body, name).into_iter();
    let first = found.next()?;
    labels(&first, &[], diags);
    for second in found {
        diags.push(
            Diagnostic::error(format!("Second {name:?} block"))
                .code("block-count")
                .detail(format!("Only one is allowed here; the first is at {}.", place(&first.span)))
                .at(second.span.clone()),
        );
    }
    Some(first)
}

/// Where something is, for a sentence: `main.tf:3`.
pub(super) fn place(span: &Span) -> String {
    format!("{}:{}", span.file.path, span.line_column().0)
}

/// Whether the block has just these labels; what is wrong is reported.
pub(super) fn labels(block: &Block, names: &[&str], diags: &mut Diagnostics) -> bool {
    let form = || {
        let labels: Vec<_> = names.iter().map(|n| format!(" \"{}\"", n.to_uppercase())).collect();
        format!("Write `{}{} {{ … }}`.", block.ident, labels.concat())
    };
    if let Some((_, span)) = block.labels.get(names.len()) {
        let takes = match names.len() {
            0 => "no labels".to_owned(),
            1 => format!("only one label, its {}", names[0]),
            _ => format!("only {} labels, its {}", names.len(), list(names)),
        };
        let detail = format!("A {:?} block takes {takes}.", &*block.ident);
        diags.push(
            Diagnostic::error("Extraneous label").code("invalid-labels").detail(detail).at(span.clone()).hint(form()),
        );
        return false;
    }
    if let Some(missing) = names.get(block.labels.len()) {
        let detail = format!("A {:?} block needs a label for its {missing}.", &*block.ident);
        diags.push(
            Diagnostic::error("Missing label")
                .code("invalid-labels")
                .detail(detail)
                .at(block.span.clone())
                .hint(form()),
        );
        return false;
    }
    true
}

/// Whether `name` can be a name in the language; if not, it is reported.
pub(super) fn identifier(name: &str, span: &Span, diags: &mut Diagnostics) -> bool {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let valid = first && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if !valid {
        diags.push(
            Diagnostic::error("Invalid name")
                .code("invalid-name")
                .detail(format!(
                    "{name:?} cannot be a name. A name starts with a letter or underscore and holds only letters, \
                     digits, underscores and dashes."
                ))
                .at(span.clone()),
        );
    }
    valid
}

/// The literal text of an argument; `None` when it is left out, null or wrong.
pub(super) fn literal_string(body: &Body, name: &str, diags: &mut Diagnostics) -> Option<(String, Span)> {
    let expr = expr(body, name)?;
    let value = literal(&expr, name, &Type::String, diags)?;
    value.as_str().map(|text| (text.to_owned(), expr.span()))
}

/// The literal truth of an argument; `None` when it is left out, null or wrong.
pub(super) fn literal_bool(body: &Body, name: &str, diags: &mut Diagnostics) -> Option<bool> {
    literal(&expr(body, name)?, name, &Type::Bool, diags)?.as_bool()
}

/// The elements of a list written out; anything else is reported.
pub(super) fn items(expr: &Expr, name: &str, diags: &mut Diagnostics) -> Vec<Expr> {
    expr.as_list_items().unwrap_or_else(|| {
        diags.push(
            Diagnostic::error(format!("Invalid {name:?}"))
                .code("invalid-value")
                .detail(format!("{name:?} takes a list that is written out, in brackets."))
                .at(expr.span()),
        );
        Vec::new()
    })
}

/// The one reference that an expression is; anything else is reported.
pub(super) fn reference(expr: &Expr, name: &str, diags: &mut Diagnostics) -> Option<Reference> {
    if let Some(text) = expr.as_string().filter(|_| !expr.is_json()) {
        diags.push(
            Diagnostic::error(format!("Invalid reference in {name:?}"))
                .code("invalid-reference")
                .detail("A reference is written as it is, not as text.")
                .at(expr.span())
                .hint(format!("Write {text}, without quotation marks.")),
        );
        return None;
    }
    diags.take(expr.as_reference())
}

/// The reference in an element of `depends_on`; in quotation marks, as before Terraform 0.12, with a warning.
fn unquoted(item: &Expr, diags: &mut Diagnostics) -> Option<Reference> {
    let span = item.span();
    let read = |text: Name| parse::parse_expression(&span.file.path, &text).ok()?.as_reference().ok();
    let Some(found) = item.as_string().filter(|_| !item.is_json()).and_then(read) else {
        return reference(item, "depends_on", diags);
    };
    diags.push(
        Diagnostic::warning("Reference in quotation marks")
            .code("invalid-reference")
            .detail("A reference is written as it is, not as text.")
            .at(span.clone())
            .hint(format!("Write {found}.")),
    );
    Some(Reference { span, ..found })
}

/// `depends_on`: references to whole objects.
pub(super) fn depends_on(body: &Body, diags: &mut Diagnostics) -> Vec<Reference> {
    let Some(expr) = expr(body, "depends_on") else { return Vec::new() };
    let mut found = Vec::new();
    for item in items(&expr, "depends_on", diags) {
        let Some(reference) = unquoted(&item, diags) else { continue };
        let whole = reference.steps.iter().all(|s| matches!(s, Step::Index(_)));
        match &reference.subject {
            Subject::Resource { .. } if !whole => diags.push(
                Diagnostic::error("Invalid reference in \"depends_on\"")
                    .code("invalid-reference")
                    .detail("A whole resource is depended on, not an attribute of it.")
                    .at(item.span())
                    .hint(format!("Write {}.", reference.subject)),
            ),
            Subject::Resource { .. } | Subject::Module(_) | Subject::Local(_) | Subject::Variable(_) => {
                found.push(reference);
            }
            _ => diags.push(
                Diagnostic::error("Invalid reference in \"depends_on\"")
                    .code("invalid-reference")
                    .detail("Only a resource, a data source or a module can be depended on.")
                    .at(item.span()),
            ),
        }
    }
    found
}

/// A provider as `aws` or `aws.alias`; anything else is reported.
pub(super) fn provider_ref(expr: &Expr, diags: &mut Diagnostics) -> Option<ProviderRef> {
    let span = expr.span();
    let source = expr.source();
    let text = source.trim().trim_matches('"');
    let mut parts = text.split('.').map(str::trim);
    let name = |part: &str| -> Option<Name> {
        let fine = identifier(part, &span, &mut Diagnostics::new());
        fine.then(|| part.into())
    };
    let parsed = match (parts.next(), parts.next(), parts.next()) {
        (Some(provider), None, None) => name(provider).map(|n| (n, None)),
        (Some(provider), Some(alias), None) => name(provider).zip(name(alias)).map(|(n, a)| (n, Some(a))),
        _ => None,
    };
    if parsed.is_none() {
        diags.push(
            Diagnostic::error("Invalid provider reference")
                .code("provider-configuration")
                .detail("A provider is named by its name, or by its name and alias: aws or aws.london.")
                .at(span.clone()),
        );
    }
    let (name, alias) = parsed?;
    Some(ProviderRef { name, alias, span })
}

/// Reports that `name` was declared before.
pub(super) fn duplicate(what: &str, name: &str, first: &Span, second: &Span) -> Diagnostic {
    Diagnostic::error(format!("Duplicate {what}"))
        .code("duplicate-name")
        .detail(format!("The {what} {name:?} is already declared at {}.", place(first)))
        .at(second.clone())
        .hint("Remove one of the two, or give one another name.")
}

/// A reason as a sentence. A name of the language at its start stays as it is.
pub fn sentence(reason: &str) -> String {
    let end = if reason.ends_with('.') { "" } else { "." };
    let first = reason.split(' ').next().unwrap_or_default();
    let mut chars = reason.chars();
    match chars.next() {
        Some(c) if first.chars().all(char::is_alphabetic) => format!("{}{}{end}", c.to_uppercase(), chars.as_str()),
        _ => format!("{reason}{end}"),
    }
}
