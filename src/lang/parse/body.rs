//! Structure: attributes and blocks.

use super::lex::{Op, Tok, Token};
use super::{Open, Parsed, Parser};
use crate::lang::ast::{At, AttributeNode, BlockNode, BodyNode};
use crate::value::Name;
use std::collections::HashMap;
use std::sync::Arc;

impl Parser<'_> {
    /// The whole file.
    pub(super) fn file(&mut self) -> Parsed<BodyNode> {
        self.newlines = true;
        let body = self.body(Tok::End)?;
        Ok(body)
    }

    /// Everything up to `end`, which stays.
    fn body(&mut self, end: Tok) -> Parsed<BodyNode> {
        let start = self.peek().at;
        let mut body = BodyNode::default();
        let mut seen: HashMap<Name, At> = HashMap::new();
        loop {
            let token = self.peek();
            match token.kind {
                Tok::Newline => {
                    self.bump();
                }
                kind if kind == end => {
                    body.at = start.to(token.at);
                    return Ok(body);
                }
                Tok::Ident => {
                    self.item(&mut body, &mut seen)?;
                    self.end_of_item(end)?;
                }
                Tok::OpenQuote => {
                    return Err(self
                        .error(token.at, "Invalid argument name")
                        .detail("Argument names must not be quoted.")
                        .into());
                }
                Tok::Op(Op::CloseBrace) => {
                    return Err(self
                        .error(token.at, "Unexpected closing brace")
                        .detail("No block is open here, so there is nothing for this \"}\" to close.")
                        .into());
                }
                _ => {
                    return Err(self.unexpected(
                        token,
                        "Argument or block definition required",
                        "An argument or block definition is required here: `name = value` or `name \"label\" { … }`.",
                    ).into());
                }
            }
        }
    }

    fn end_of_item(&mut self, end: Tok) -> Parsed<()> {
        let token = self.peek();
        match token.kind {
            Tok::Newline => {
                self.bump();
                Ok(())
            }
            Tok::End if end == Tok::End => Ok(()),
            _ => Err(self
                .unexpected(token, "Missing newline", "An argument or block definition must end with a newline.")
                .into()),
        }
    }

    fn item(&mut self, body: &mut BodyNode, seen: &mut HashMap<Name, At>) -> Parsed<()> {
        let name_token = self.bump();
        let name: Name = self.text(name_token.at).into();
        let token = self.peek();
        match token.kind {
            Tok::Op(Op::Assign) => {
                let attribute = self.attribute(name, name_token.at)?;
                if let Some(first) = seen.insert(attribute.name.clone(), attribute.name_at) {
                    let (line, _) = self.span(first).line_column();
                    return Err(self
                        .error(attribute.name_at, "Attribute redefined")
                        .detail(format!(
                            "The argument {:?} was already set on line {line}. Each argument may be set only once.",
                            attribute.name
                        ))
                        .into());
                }
                body.attributes.push(attribute);
                Ok(())
            }
            Tok::Op(Op::OpenBrace) | Tok::OpenQuote | Tok::Ident => {
                let block = self.deeper(|p| p.block(name, name_token.at))?;
                body.blocks.push(block);
                Ok(())
            }
            Tok::Op(Op::Colon) => Err(self
                .error(token.at, "Invalid argument")
                .detail("An argument is set with \"=\", not with \":\".")
                .hint(format!("Write `{name} = …`."))
                .into()),
            Tok::End => Err(self.unexpected(token, "Invalid block definition", INCOMPLETE).into()),
            _ => Err(self.error(name_token.at.to(token.at), "Invalid block definition").detail(INCOMPLETE).into()),
        }
    }

    fn attribute(&mut self, name: Name, name_at: At) -> Parsed<AttributeNode> {
        self.bump();
        let value = self.expression()?;
        Ok(AttributeNode { name, name_at, value, file: None, json: false })
    }

    fn block(&mut self, name: Name, name_at: At) -> Parsed<BlockNode> {
        let mut labels = Vec::new();
        let open = loop {
            let token = self.peek();
            match token.kind {
                Tok::Ident => {
                    self.bump();
                    labels.push((self.text(token.at).into(), token.at));
                }
                Tok::OpenQuote => labels.push(self.label()?),
                Tok::Op(Op::OpenBrace) => break self.bump(),
                Tok::Op(Op::Assign) => {
                    return Err(self.error(token.at, "Invalid block definition").detail(
                        "The equals sign \"=\" indicates an argument definition, and must not be used when defining a block.",
                    ).into());
                }
                Tok::Newline => {
                    return Err(self.error(name_at.to(token.at), "Invalid block definition").detail(
                        "A block definition must have its opening brace \"{\" on the same line as its name and labels.",
                    ).into());
                }
                _ => {
                    return Err(self
                        .unexpected(
                            token,
                            "Invalid block definition",
                            "Either a quoted string block label or an opening brace (\"{\") is expected here.",
                        )
                        .into());
                }
            }
        };
        let header = labels.last().map_or(name_at, |(_, at): &(Name, At)| name_at.to(*at));
        let opened = Open { at: header.to(open.at), what: "block", close: "brace" };
        let body = self.within(opened, true, |p| {
            let body = if p.peek().kind == Tok::Newline { p.body(Tok::Op(Op::CloseBrace))? } else { p.one_line(open)? };
            p.bump();
            Ok(body)
        })?;
        Ok(BlockNode { name, name_at, labels, body: Arc::new(body), file: None })
    }

    fn one_line(&mut self, open: Token) -> Parsed<BodyNode> {
        let mut body = BodyNode::default();
        let first = self.peek();
        if first.kind == Tok::Ident {
            let name_token = self.bump();
            let next = self.peek();
            if next.kind != Tok::Op(Op::Assign) {
                return Err(self.unexpected(
                    next,
                    "Invalid single-argument block definition",
                    "A single-line block definition can contain only a single argument. If you meant to define a nested block, place it on a line of its own.",
                ).into());
            }
            let name = self.text(name_token.at).into();
            body.attributes.push(self.attribute(name, name_token.at)?);
        }
        let end = self.peek();
        if end.kind != Tok::Op(Op::CloseBrace) {
            return Err(self.unexpected(
                end,
                "Invalid single-argument block definition",
                "A single-line block definition must end with a closing brace immediately after its single argument definition.",
            ).into());
        }
        body.at = open.at.to(end.at);
        Ok(body)
    }

    fn label(&mut self) -> Parsed<(Name, At)> {
        let open = self.bump();
        let mut label = String::new();
        loop {
            let token = self.bump();
            match token.kind {
                Tok::QuotedText => label.push_str(&self.unescape(token.at, true)?),
                Tok::CloseQuote => return Ok((label.into(), open.at.to(token.at))),
                Tok::Interpolation | Tok::Directive => {
                    return Err(self.error(token.at, "Invalid string literal").detail(
                        "Template sequences are not allowed in this string. To include a literal \"$\", double it (as \"$$\") to escape it.",
                    ).into());
                }
                _ => {
                    return Err(self
                        .unexpected(token, "Invalid block label", "The label must end with a quotation mark.")
                        .into());
                }
            }
        }
    }
}

const INCOMPLETE: &str = "A block definition must have block content delimited by \"{\" and \"}\", starting on the same line as the block header; an argument is set with \"=\".";
