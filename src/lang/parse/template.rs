//! Templates: quoted strings, heredocs and bare template text.

use super::lex::{Tok, Token};
use super::{Open, Parsed, Parser};
use crate::diag::Diagnostic;
use crate::lang::ast::{At, Node, NodeKind, Part};
use crate::value::Name;
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

/// A part before `if`/`for` are put together.
enum Piece {
    Text(String),
    Interpolation(Arc<Node>),
    If(Arc<Node>, At),
    Else(At),
    EndIf(At),
    For { key_name: Option<Name>, value_name: Name, collection: Arc<Node>, at: At },
    EndFor(At),
}

impl Parser<'_> {
    pub(super) fn quoted(&mut self) -> Parsed<Arc<Node>> {
        let open = self.bump();
        let (pieces, close) = self.pieces(Tok::CloseQuote)?;
        self.template(pieces, open.at.to(close.at), true)
    }

    pub(super) fn heredoc(&mut self) -> Parsed<Arc<Node>> {
        let open = self.bump();
        let (mut pieces, close) = self.pieces(Tok::CloseHeredoc)?;
        if self.text(open.at).starts_with("<<-") {
            dedent(&mut pieces);
        }
        self.template(pieces, open.at.to(close.at), false)
    }

    pub(super) fn bare_template(&mut self) -> Parsed<Arc<Node>> {
        let start = self.tokens.first().map_or(0, |token| token.at.start);
        let (pieces, end) = self.pieces(Tok::End)?;
        self.template(pieces, At { start, end: end.at.end }, true)
    }

    fn template(&mut self, mut pieces: Vec<Piece>, at: At, passthrough: bool) -> Parsed<Arc<Node>> {
        if passthrough && let [Piece::Interpolation(_)] = pieces.as_slice() {
            let Some(Piece::Interpolation(node)) = pieces.pop() else {
                return Err(self.error(at, "Invalid template").into());
            };
            let below = node.height;
            return self.node(NodeKind::Passthrough(node), at, below);
        }
        let mut below = 0;
        let mut pieces = pieces.into_iter();
        let (parts, _) = self.parts(&mut pieces, &mut below, None)?;
        self.node(NodeKind::Template(parts), at, below)
    }

    /// Everything up to and including `end`.
    fn pieces(&mut self, end: Tok) -> Parsed<(Vec<Piece>, Token)> {
        let mut pieces = Vec::new();
        let mut trim_next = false;
        loop {
            let token = self.raw();
            let trim = std::mem::take(&mut trim_next);
            if token.kind == end || token.kind == Tok::End {
                self.next += usize::from(token.kind != Tok::End);
                return Ok((pieces, token));
            }
            self.next += 1;
            match token.kind {
                Tok::QuotedText | Tok::HeredocText => {
                    let mut text = self.unescape(token.at, token.kind == Tok::QuotedText)?;
                    if trim {
                        text = text.trim_start().to_owned();
                    }
                    pieces.push(Piece::Text(text));
                }
                Tok::Interpolation | Tok::Directive => {
                    if self.text(token.at).ends_with('~')
                        && let Some(Piece::Text(text)) = pieces.last_mut()
                    {
                        text.truncate(text.trim_end().len());
                    }
                    let directive = token.kind == Tok::Directive;
                    let what = if directive { "template directive" } else { "template interpolation" };
                    let opened = Open { at: token.at, what, close: "brace" };
                    let (piece, close) = self.within(opened, false, |p| {
                        let piece = if directive { p.directive(token)? } else { Piece::Interpolation(p.expression()?) };
                        let close = p.peek();
                        if close.kind != Tok::TemplateEnd {
                            return Err(p.unexpected(
                                close,
                                if directive {
                                    "Extra characters in template directive"
                                } else {
                                    "Extra characters after interpolation expression"
                                },
                                "Expected a closing brace to end the template sequence, but found extra characters.",
                            ).into());
                        }
                        p.next += 1;
                        Ok((piece, close))
                    })?;
                    trim_next = self.text(close.at).starts_with('~');
                    pieces.push(piece);
                }
                _ => {
                    return Err(self
                        .unexpected(token, "Invalid template", "Unexpected text inside a template.")
                        .into());
                }
            }
        }
    }

    fn directive(&mut self, open: Token) -> Parsed<Piece> {
        let token = self.peek();
        if token.kind != Tok::Ident {
            return Err(self.unexpected(
                token,
                "Invalid template directive",
                "A template directive keyword (\"if\", \"for\", etc) is expected at the beginning of a %{ sequence.",
            ).into());
        }
        self.bump();
        let at = open.at.to(token.at);
        Ok(match self.text(token.at) {
            "if" => Piece::If(self.expression()?, at),
            "else" => Piece::Else(at),
            "endif" => Piece::EndIf(at),
            "endfor" => Piece::EndFor(at),
            "for" => {
                let first = self.loop_name("Invalid 'for' directive")?;
                let (key_name, value_name) = if self.take(super::lex::Op::Comma).is_some() {
                    (Some(first), self.loop_name("Invalid 'for' directive")?)
                } else {
                    (None, first)
                };
                if !self.is_word("in") {
                    let token = self.peek();
                    return Err(self
                        .unexpected(
                            token,
                            "Invalid 'for' directive",
                            "A \"for\" directive requires the \"in\" keyword after its name declarations.",
                        )
                        .into());
                }
                self.bump();
                Piece::For { key_name, value_name, collection: self.expression()?, at }
            }
            other => {
                return Err(self.error(token.at, "Invalid template control keyword").detail(format!(
                    "{other:?} is not a template directive: expected \"if\", \"else\", \"endif\", \"for\" or \"endfor\"."
                )).into());
            }
        })
    }

    /// Parts up to the end of the directive `inside`; says whether it ended with `else`.
    fn parts(
        &mut self,
        pieces: &mut std::vec::IntoIter<Piece>,
        below: &mut u16,
        inside: Option<(&'static str, At)>,
    ) -> Parsed<(Vec<Part>, bool)> {
        let kind = inside.map(|(kind, _)| kind);
        let mut parts: Vec<Part> = Vec::new();
        let mut text = String::new();
        let flush = |text: &mut String, parts: &mut Vec<Part>| {
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(text).into()));
            }
        };
        while let Some(piece) = pieces.next() {
            if !matches!(piece, Piece::Text(_)) {
                flush(&mut text, &mut parts);
            }
            match piece {
                Piece::Text(more) => text.push_str(&more),
                Piece::Interpolation(node) => {
                    *below = (*below).max(node.height);
                    parts.push(Part::Interpolation(node));
                }
                Piece::If(condition, at) => {
                    let mut inner = condition.height;
                    let (yes, has_else) = self.nested_parts(pieces, &mut inner, ("if", at))?;
                    let no = if has_else { self.nested_parts(pieces, &mut inner, ("else", at))?.0 } else { Vec::new() };
                    *below = (*below).max(inner.saturating_add(1));
                    parts.push(Part::If { condition, yes, no });
                }
                Piece::For { key_name, value_name, collection, at } => {
                    let mut inner = collection.height;
                    let (body, _) = self.nested_parts(pieces, &mut inner, ("for", at))?;
                    *below = (*below).max(inner.saturating_add(1));
                    parts.push(Part::For { key_name, value_name, collection, body });
                }
                Piece::Else(_) if kind == Some("if") => return Ok((parts, true)),
                Piece::EndIf(_) if matches!(kind, Some("if" | "else")) => return Ok((parts, false)),
                Piece::EndFor(_) if kind == Some("for") => return Ok((parts, false)),
                Piece::Else(at) => return Err(self.misplaced(at, "else", inside).into()),
                Piece::EndIf(at) => return Err(self.misplaced(at, "endif", inside).into()),
                Piece::EndFor(at) => return Err(self.misplaced(at, "endfor", inside).into()),
            }
        }
        flush(&mut text, &mut parts);
        match inside {
            None => Ok((parts, false)),
            Some((kind, at)) => {
                let end = if kind == "for" { "endfor" } else { "endif" };
                Err(self
                    .error(at, "Unexpected end of template")
                    .detail(format!(
                        "The template directive \"{kind}\" opened here has no corresponding \"{end}\" directive."
                    ))
                    .into())
            }
        }
    }

    fn nested_parts(
        &mut self,
        pieces: &mut std::vec::IntoIter<Piece>,
        below: &mut u16,
        inside: (&'static str, At),
    ) -> Parsed<(Vec<Part>, bool)> {
        self.deeper(|p| p.parts(pieces, below, Some(inside)))
    }

    fn misplaced(&self, at: At, word: &str, inside: Option<(&'static str, At)>) -> Diagnostic {
        let detail = match inside {
            None => format!("An {word:?} directive has nothing to belong to here."),
            Some((kind, _)) => format!("An {word:?} directive is not expected inside {kind:?}."),
        };
        self.error(at, format!("Unexpected {word} directive")).detail(detail)
    }

    /// The text that a literal part stands for.
    pub(super) fn unescape(&self, at: At, quoted: bool) -> Parsed<String> {
        let raw = self.text(at);
        if !raw.contains(['\\', '$', '%']) {
            return Ok(raw.to_owned());
        }
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(c) = rest.chars().next() {
            if rest.starts_with("$${") || rest.starts_with("%%{") {
                out.push_str(&rest[1..3]);
                rest = &rest[3..];
            } else if c == '\\' && quoted {
                let offset = at.start as usize + raw.len() - rest.len();
                let (decoded, length) = escape(rest).map_err(|(length, detail)| {
                    let end = offset + length.min(rest.len());
                    Diagnostic::error("Invalid escape sequence")
                        .code("syntax")
                        .detail(detail)
                        .at(crate::diag::Span::new(self.source, offset..end))
                })?;
                out.push(decoded);
                rest = &rest[length..];
            } else {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        Ok(out)
    }
}

/// The character that an escape at the start of `text` stands for, and the escape's length.
fn escape(text: &str) -> Result<(char, usize), (usize, String)> {
    let kind = text[1..].chars().next().unwrap_or(' ');
    let hex = |digits: usize| {
        let code = text.get(2..2 + digits).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = code.and_then(|h| u32::from_str_radix(h, 16).ok());
        value.and_then(char::from_u32).map(|c| (c, 2 + digits)).ok_or_else(|| {
            (2 + digits, format!("The \\{kind} escape sequence must be followed by {digits} hexadecimal digits that name a Unicode character."))
        })
    };
    match kind {
        'n' => Ok(('\n', 2)),
        'r' => Ok(('\r', 2)),
        't' => Ok(('\t', 2)),
        '"' => Ok(('"', 2)),
        '\\' => Ok(('\\', 2)),
        'u' => hex(4),
        'U' => hex(8),
        other => Err((
            1 + other.len_utf8(),
            format!(
                "The symbol {other:?} is not a valid escape sequence selector: use \\n, \\r, \\t, \\\", \\\\, \\uNNNN or \\UNNNNNNNN."
            ),
        )),
    }
}

/// Takes the indentation that all lines share off each of them.
fn dedent(pieces: &mut [Piece]) {
    let mut least = usize::MAX;
    let mut lines = Vec::new();
    let mut line_start = true;
    for (i, piece) in pieces.iter().enumerate() {
        let begins = std::mem::take(&mut line_start);
        match piece {
            Piece::Text(text) => {
                if begins {
                    let trimmed = text.trim_start();
                    if !(trimmed.is_empty() && text.ends_with('\n')) {
                        least = least.min(text[..text.len() - trimmed.len()].graphemes(true).count());
                        lines.push(i);
                    }
                }
                line_start = text.ends_with('\n');
            }
            _ if begins => least = 0,
            _ => {}
        }
    }
    for i in lines {
        if let Some(Piece::Text(text)) = pieces.get_mut(i) {
            *text = text.graphemes(true).skip(least).collect();
        }
    }
}
