//! The start of a `drift.ignore.hcl`: a block for each finding, written by `drift --write-ignore`.

use crate::drift::{Class, Finding};
use crate::lang::fmt::format_source;
use hcl_edit::structure::{Attribute, Block, Body};
use hcl_edit::{Decorate, Decorated, Ident};

/// Blocks for these findings. A finding whose differences are not all of the object gets a block for each attribute.
pub fn ignores<'a>(findings: impl Iterator<Item = &'a Finding>, reason: &str, expires: &str) -> String {
    let mut body = Body::builder();
    for finding in findings {
        let attributes: Vec<Option<&str>> = match finding.class {
            Class::Changed => {
                let mut paths: Vec<&str> = finding.differences.iter().map(|d| d.path.as_str()).collect();
                paths.dedup();
                paths.into_iter().map(Some).collect()
            }
            _ => vec![None],
        };
        for attribute in attributes {
            body = body.block(block(finding, attribute, reason, expires));
        }
    }
    format_source(body.build().to_string().trim_start())
}

fn block(finding: &Finding, attribute: Option<&str>, reason: &str, expires: &str) -> Block {
    let address = finding.address.as_ref().map(ToString::to_string).or(finding.id.clone());
    let text = |name: &str, value: &str| Attribute::new(Decorated::new(Ident::new(name)), value);
    let arguments = [
        address.as_deref().map(|address| text("address", address)),
        finding.address.is_none().then(|| text("type", &finding.type_name)),
        attribute.map(|attribute| text("attribute", attribute)),
        Some(text("reason", reason)),
        Some(text("expires", expires)),
    ];
    let mut block =
        Block::builder(Decorated::new(Ident::new("ignore"))).attributes(arguments.into_iter().flatten()).build();
    block.decor_mut().set_prefix("\n");
    block
}
