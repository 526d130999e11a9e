//! Whether a body has the shape that a schema asks for: what can be said without evaluating.

use super::literal::constant;
use super::reader::{self, suggest};
use super::walk::Dynamic;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Attribute as Argument, Block, Body, Expr};
use crate::schema::{Attribute, Attrs, Mode, Nesting, checks};
use crate::value::convert::convert;

/// All that is wrong with a body and that shows without evaluating it: names, what is missing, how
/// often blocks occur in it, and literal values. `header` is where its block begins.
pub fn check_static(body: &Body, rows: &[Attribute], header: &Span) -> Diagnostics {
    let mut diags = Diagnostics::new();
    deep(body, rows, header, &mut diags);
    diags
}

fn deep(body: &Body, rows: &[Attribute], header: &Span, diags: &mut Diagnostics) {
    let content = Content::of(body);
    level(&content, rows, header, diags);
    for argument in &content.arguments {
        let row = rows.iter().find(|r| r.name == &*argument.name && r.is_argument() && r.block.is_none());
        if let Some(row) = row {
            check_constant(argument, row, diags);
        }
    }
    for block in &content.blocks {
        let dynamic = Dynamic::of(block);
        let name = dynamic.as_ref().map_or(&block.ident, |d| &d.name);
        let Some(inner) = rows.iter().find(|r| r.name == &**name).and_then(|r| r.block.as_ref()) else { continue };
        match dynamic {
            Some(Dynamic { content, .. }) => {
                content.iter().for_each(|content| deep(content, &inner.attributes, &block.span, diags));
            }
            None => deep(&block.body, &inner.attributes, &block.span, diags),
        }
    }
}

/// The value of an argument, if it needs nothing to be evaluated.
fn check_constant(argument: &Argument, row: &Attribute, diags: &mut Diagnostics) {
    let Some(value) = constant(&argument.expr) else { return };
    if value.is_null() {
        return;
    }
    match convert(&value, &row.ty) {
        Ok(value) => diags.extend(check_value(row, &value, &argument.expr.span())),
        Err(e) => diags.push(wrong_type(row.name, &e.message, &narrow(&argument.expr, &e.path))),
    }
}

/// The part of an expression that a path into its value leads to, as far as it is written out.
pub(super) fn narrow(expr: &Expr, path: &str) -> Span {
    let step = path.strip_prefix('.').or_else(|| path.strip_prefix('[')).unwrap_or(path);
    let end = step.find(['.', '[', ']']).unwrap_or(step.len());
    let (name, rest) = (step[..end].trim_matches('"'), step[end..].trim_start_matches(']'));
    if name.is_empty() {
        return expr.span();
    }
    if let (Some(items), Ok(index)) = (expr.as_list_items(), name.parse::<usize>()) {
        return items.get(index).map_or_else(|| expr.span(), |item| narrow(item, rest));
    }
    let items = expr.as_object_items().unwrap_or_default();
    let named = |key: &Expr| key.as_keyword().or_else(|| key.as_string()).as_deref() == Some(name);
    items.iter().find(|(key, _)| named(key)).map_or_else(|| expr.span(), |(_, value)| narrow(value, rest))
}

/// That a value is not of the type asked for.
pub(super) fn wrong_type(name: &str, reason: &str, span: &Span) -> Diagnostic {
    Diagnostic::error(format!("Wrong type for {name:?}"))
        .code("wrong-type")
        .detail(format!("{name:?} does not fit: {reason}."))
        .at(span.clone())
}

/// The errors of the row's own check of a known value.
pub(super) fn check_value(row: &Attribute, value: &crate::value::Value, span: &Span) -> Vec<Diagnostic> {
    if value.is_null() || !value.is_wholly_known() || is_left_out(row, value) {
        return Vec::new();
    }
    let Some(Err(reasons)) = row.check.map(|check| check(&value.unmark_deep())) else { return Vec::new() };
    let told = row.sensitive && texts(value).iter().all(|text| !reasons.contains(text));
    if (row.sensitive || value.has_sensitive()) && !told {
        let reason = "the value is not accepted; neither it nor the reason is shown, because it is sensitive";
        return vec![invalid(row, row.name, reason, value, span)];
    }
    reasons.split(checks::NEXT).map(|reason| invalid(row, row.name, reason, value, span)).collect()
}

/// Whether an empty text is given where it means that nothing is.
fn is_left_out(row: &Attribute, value: &crate::value::Value) -> bool {
    value.as_str() == Some("") && row.empty_is_null && row.mode != Mode::Required
}

/// The errors of the check of one block of the row; `place` finds an argument of the block.
pub(super) fn check_block(
    row: &Attribute,
    object: &crate::value::Value,
    place: impl Fn(&str) -> Span,
) -> Vec<Diagnostic> {
    let check = row.block.as_ref().and_then(|block| block.each);
    let Some(check) = check.filter(|_| object.as_entries().is_some()) else { return Vec::new() };
    let found = check(&Attrs::from_value(&object.unmark_deep()));
    if object.has_sensitive() && !found.is_empty() {
        let reason = "the block is not accepted; the reason is not shown, because parts of it are sensitive";
        return vec![invalid(row, row.name, reason, object, &place(""))];
    }
    found.iter().map(|(name, reason)| invalid(row, name, reason, object, &place(name))).collect()
}

fn invalid(row: &Attribute, name: &str, reason: &str, value: &crate::value::Value, span: &Span) -> Diagnostic {
    invalid_value(name, reason).at(discreet(row, value, span))
}

/// That a check does not take a value, or takes it with a warning.
pub(super) fn invalid_value(name: &str, reason: &str) -> Diagnostic {
    match reason.strip_prefix(checks::ADVICE) {
        Some(reason) => Diagnostic::warning(format!("Doubtful value for {name:?}"))
            .code("doubtful-value")
            .detail(reader::sentence(reason)),
        None => Diagnostic::error(format!("Invalid value for {name:?}"))
            .code("invalid-value")
            .detail(reader::sentence(reason)),
    }
}

/// The place of a value without the value, if that is not to be shown.
pub(super) fn discreet(row: &Attribute, value: &crate::value::Value, span: &Span) -> Span {
    if row.sensitive || value.has_sensitive() { span.hiding(texts(value)) } else { span.clone() }
}

/// All texts in a value that say something.
fn texts(value: &crate::value::Value) -> Vec<&str> {
    let own = value.as_str().filter(|text| !text.is_empty());
    own.into_iter().chain(value.children().flat_map(texts)).collect()
}

/// The content of a body, taken out once.
pub(super) struct Content {
    pub arguments: Vec<Argument>,
    pub blocks: Vec<Block>,
}

impl Content {
    pub fn of(body: &Body) -> Self {
        Content { arguments: body.attributes().collect(), blocks: body.blocks().collect() }
    }

    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|a| &*a.name == name)
    }
}

/// The shape of one body, without those nested in it.
pub(super) fn level(content: &Content, rows: &[Attribute], header: &Span, diags: &mut Diagnostics) {
    for argument in &content.arguments {
        check_argument(argument, rows, diags);
    }
    for block in &content.blocks {
        if &*block.ident == "dynamic" {
            check_dynamic(block, rows, diags);
        } else if check_block_name(&block.ident, &block.ident_span, rows, diags) {
            reader::labels(block, &[], diags);
        }
    }
    for row in rows {
        check_presence(row, content, header, diags);
    }
}

fn check_argument(argument: &Argument, rows: &[Attribute], diags: &mut Diagnostics) {
    let name = &*argument.name;
    let problem = match rows.iter().find(|r| r.name == name) {
        None => {
            let names: Vec<&str> = rows.iter().filter(|r| r.is_argument()).map(|r| r.name).collect();
            let d = Diagnostic::error("Unsupported argument")
                .code("unsupported-argument")
                .detail(format!("An argument named {name:?} is not taken here."));
            suggest(d, name, &names)
        }
        Some(row) if !row.is_argument() => Diagnostic::error("Argument that cannot be set")
            .code("computed-argument")
            .detail(format!("{name:?} is decided by AWS; it can be read, but not set."))
            .hint("Remove it."),
        Some(row) if row.block.as_ref().is_some_and(|b| !b.as_attribute) => Diagnostic::error("Unsupported argument")
            .code("unsupported-argument")
            .detail(format!("{name:?} is a block here, not an argument."))
            .hint(format!("Write {name} {{ … }}, without an equals sign, or dynamic {name:?} {{ … }} for several.")),
        Some(_) => return,
    };
    diags.push(problem.at(argument.name_span.clone()));
}

/// Whether there are blocks of that name.
fn check_block_name(name: &str, span: &Span, rows: &[Attribute], diags: &mut Diagnostics) -> bool {
    let problem = match rows.iter().find(|r| r.name == name) {
        Some(row) if row.block.is_some() && row.is_argument() => return true,
        Some(row) if !row.is_argument() => Diagnostic::error("Block that cannot be set")
            .code("computed-argument")
            .detail(format!("{name:?} is decided by AWS; it can be read, but not set."))
            .hint("Remove it."),
        Some(_) => Diagnostic::error("Unsupported block")
            .code("unsupported-block")
            .detail(format!("{name:?} is an argument here, not a block."))
            .hint(format!("Write {name} = …, with an equals sign.")),
        None => {
            let names: Vec<&str> =
                rows.iter().filter(|r| r.block.is_some() && r.is_argument()).map(|r| r.name).collect();
            let d = Diagnostic::error("Unsupported block")
                .code("unsupported-block")
                .detail(format!("Blocks named {name:?} are not taken here."));
            suggest(d, name, &names)
        }
    };
    diags.push(problem.at(span.clone()));
    false
}

const DYNAMIC: reader::Shape =
    reader::Shape { what: "dynamic", attributes: &["for_each", "iterator", "labels"], blocks: &["content"] };

fn check_dynamic(block: &Block, rows: &[Attribute], diags: &mut Diagnostics) {
    if !reader::labels(block, &["block"], diags) {
        return;
    }
    let Some((name, span)) = block.labels.first() else { return };
    check_block_name(name, span, rows, diags);
    check_dynamic_shape(block, name, diags);
}

/// The parts of a `dynamic` block, whatever the blocks that it makes.
pub(super) fn check_dynamic_shape(block: &Block, name: &str, diags: &mut Diagnostics) {
    DYNAMIC.check(&block.body, diags);
    reader::required(&block.body, "for_each", &block.span, diags);
    if reader::nested_single(&block.body, "content", diags).is_none() {
        diags.push(
            Diagnostic::error("Missing \"content\" block")
                .code("dynamic-block")
                .detail(format!("A \"dynamic\" block needs a \"content\" block: what each {name:?} block holds."))
                .at(block.span.clone()),
        );
    }
    if let Some(iterator) = reader::expr(&block.body, "iterator").filter(|e| e.as_keyword().is_none()) {
        let detail = "The iterator is a name, written without quotation marks.";
        diags.push(Diagnostic::error("Invalid iterator").code("dynamic-block").detail(detail).at(iterator.span()));
    }
    if let Some(labels) = reader::argument(&block.body, "labels") {
        let detail = format!("{name:?} blocks take no labels.");
        diags.push(Diagnostic::error("Extraneous labels").code("invalid-labels").detail(detail).at(labels.name_span));
    }
}

fn check_presence(row: &Attribute, content: &Content, header: &Span, diags: &mut Diagnostics) {
    let argument = content.argument(row.name);
    let Some(block) = &row.block else {
        if row.mode == Mode::Required && argument.is_none() {
            diags.push(
                Diagnostic::error("Missing required argument")
                    .code("missing-argument")
                    .detail(format!("The argument {:?} is required, but is not given.", row.name))
                    .at(header.clone()),
            );
        }
        return;
    };
    let written: Vec<&Block> = content.blocks.iter().filter(|b| &*b.ident == row.name).collect();
    let dynamic = content.blocks.iter().any(|b| Dynamic::of(b).is_some_and(|d| &*d.name == row.name));
    if let (Some(argument), Some(first)) = (argument, written.first()) {
        diags.push(
            Diagnostic::error("Both argument and block")
                .code("conflicting-arguments")
                .detail(format!(
                    "{:?} is given as a block at {} and as an argument here.",
                    row.name,
                    reader::place(&first.span)
                ))
                .at(argument.name_span.clone()),
        );
    }
    if argument.is_none() && !dynamic && row.is_argument() {
        diags.extend(too_few(row, written.len(), header));
    }
    let last = written.last().map_or(header, |b| &b.span);
    diags.extend(too_many(row, block.max, written.len(), last));
}

/// That there are not enough blocks.
pub(super) fn too_few(row: &Attribute, found: usize, span: &Span) -> Option<Diagnostic> {
    let min = row.block.as_ref().map_or(0, |b| b.min.max(usize::from(row.mode == Mode::Required)));
    (found < min).then(|| {
        let count = if min == 1 { "one".to_owned() } else { min.to_string() };
        Diagnostic::error(format!("Too few {:?} blocks", row.name))
            .code("block-count")
            .detail(format!("At least {count} {:?} block{} needed.", row.name, if min == 1 { " is" } else { "s are" }))
            .at(span.clone())
    })
}

/// That there are more blocks than possible.
pub(super) fn too_many(row: &Attribute, max: Option<usize>, found: usize, span: &Span) -> Option<Diagnostic> {
    let single = row.block.as_ref().is_some_and(|b| b.nesting == Nesting::Single);
    let max = if single { Some(1) } else { max }?;
    (found > max).then(|| {
        Diagnostic::error(format!("Too many {:?} blocks", row.name))
            .code("block-count")
            .detail(format!("At most {max} can be given, but there are {found}."))
            .at(span.clone())
    })
}
