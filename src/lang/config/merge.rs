//! Override files: each block changes the block of the same name that another file has.

use super::reader;
use super::walk::Dynamic;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::expr::{Attribute, Block, Body};
use crate::value::Name;

/// Puts what a block of an override file says into the blocks of the other files.
pub(super) fn over(blocks: &mut Vec<Block>, block: &Block, diags: &mut Diagnostics) {
    match &*block.ident {
        "moved" | "import" | "removed" | "check" => diags.push(
            Diagnostic::error(format!("{:?} block in an override file", &*block.ident))
                .code("invalid-override")
                .detail(format!("Blocks named {:?} cannot be overridden.", &*block.ident))
                .at(block.span.clone())
                .hint("Move the block to another file."),
        ),
        "locals" => locals(blocks, block, diags),
        "terraform" => terraform(blocks, block),
        _ => named(blocks, block, diags),
    }
}

fn named(blocks: &mut Vec<Block>, block: &Block, diags: &mut Diagnostics) {
    if block.body.attribute("depends_on").is_some() {
        diags.push(
            Diagnostic::error("\"depends_on\" in an override file")
                .code("invalid-override")
                .detail("The argument \"depends_on\" cannot be overridden.")
                .at(block.span.clone())
                .hint("Change it in the file that has the block."),
        );
        return;
    }
    let base = blocks.iter_mut().find(|base| is_same(base, block));
    match base {
        Some(base) => base.body = merged(&base.body, &block.body),
        None if &*block.ident == "provider" && alias(block).is_none() => blocks.push(block.clone()),
        None => {
            let labels: Vec<String> = block.labels.iter().map(|(label, _)| format!(" {label:?}")).collect();
            diags.push(
                Diagnostic::error("Nothing to override")
                    .code("invalid-override")
                    .detail(format!("No other file has a block {}{}.", block.ident, labels.concat()))
                    .at(block.span.clone())
                    .hint("An override file changes blocks that are there; a new block goes into another file."),
            );
        }
    }
}

fn is_same(a: &Block, b: &Block) -> bool {
    let labels = |block: &Block| block.labels.iter().map(|(label, _)| label.clone()).collect::<Vec<_>>();
    a.ident == b.ident && labels(a) == labels(b) && (&*a.ident != "provider" || alias(a) == alias(b))
}

fn alias(provider: &Block) -> Option<Name> {
    provider.body.attribute("alias")?.expr.as_string()
}

/// The kind of the blocks that a block is or makes.
fn kind(block: &Block) -> Name {
    Dynamic::of(block).map_or_else(|| block.ident.clone(), |dynamic| dynamic.name)
}

/// A body whose arguments, and blocks kind by kind, are replaced by those of another.
pub(crate) fn merged(base: &Body, over: &Body) -> Body {
    let replaced: Vec<Name> = over.attributes().map(|a| a.name).chain(over.blocks().map(|b| kind(&b))).collect();
    let attributes = base.attributes().filter(|a| !replaced.contains(&a.name)).chain(over.attributes()).collect();
    let mut blocks = Vec::new();
    // The arguments of a lifecycle are overridden one by one.
    let lifecycle = over.blocks_of("lifecycle").next();
    for block in base.blocks() {
        match &lifecycle {
            Some(over) if &*block.ident == "lifecycle" => {
                blocks.push(Block { body: merged(&block.body, &over.body), ..block });
            }
            _ if replaced.contains(&kind(&block)) => {}
            _ => blocks.push(block),
        }
    }
    let has_lifecycle = base.blocks_of("lifecycle").next().is_some();
    blocks.extend(over.blocks().filter(|b| &*b.ident != "lifecycle" || !has_lifecycle));
    base.of(attributes, blocks)
}

fn locals(blocks: &mut [Block], block: &Block, diags: &mut Diagnostics) {
    for attribute in block.body.attributes() {
        let mut bases = blocks.iter_mut().filter(|base| &*base.ident == "locals");
        match bases.find(|base| base.body.attribute(&attribute.name).is_some()) {
            Some(base) => {
                let replace = |a: Attribute| if a.name == attribute.name { attribute.clone() } else { a };
                base.body = base.body.of(base.body.attributes().map(replace).collect(), base.body.blocks().collect());
            }
            None => diags.push(
                Diagnostic::error("Nothing to override")
                    .code("invalid-override")
                    .detail(format!("No other file has a local value named {:?}.", &*attribute.name))
                    .at(attribute.name_span.clone()),
            ),
        }
    }
}

/// The settings replace those of the same name; where the state is, as a whole.
fn terraform(blocks: &mut Vec<Block>, block: &Block) {
    const STATE: [&str; 2] = ["backend", "cloud"];
    let over = &block.body;
    let state = over.blocks().any(|b| STATE.contains(&&*b.ident));
    let providers: Vec<Name> =
        reader::nested(over, "required_providers").iter().flat_map(|p| p.body.attributes().map(|a| a.name)).collect();
    for base in blocks.iter_mut().filter(|base| &*base.ident == "terraform") {
        let attributes = base.body.attributes().filter(|a| over.attribute(&a.name).is_none()).collect();
        let kept = base.body.blocks().filter(|b| !(state && STATE.contains(&&*b.ident))).map(|b| {
            let own = &*b.ident == "required_providers";
            let names: Vec<&str> = providers.iter().filter(|_| own).map(|name| &**name).collect();
            Block { body: b.body.without(&names, &[]), ..b }
        });
        base.body = base.body.of(attributes, kept.collect());
    }
    blocks.push(block.clone());
}
