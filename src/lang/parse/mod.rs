//! Text of a layout to a syntax tree with positions.
//!
//! The grammar is that of HCL's native syntax as Terraform reads it. It is read here and not by
//! `hcl-edit`, because that refuses line breaks inside `for` expressions, repeated object keys and
//! long operator chains, rounds numbers to 64 bits and leaves escapes inside `%{ if }` untouched.
//! Input of any kind ends in a tree or in one diagnostic, never in a crash: size, nesting and the
//! height of the tree are bounded.

mod body;
mod expression;
mod json;
pub(crate) mod lex;
mod template;

use super::ast::{At, Node};
use super::expr::{Body, Expr};
use crate::diag::{Diagnostic, SourceFile, Span};
use json::Decoded;
pub use json::parse_json;
use lex::{LexError, Op, Tok, Token};
use std::sync::Arc;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// How many brackets, blocks and templates may be open at once.
pub const MAX_NESTING: usize = 200;
/// How many levels the tree of one expression may have; a chain of operators adds one each.
pub const MAX_HEIGHT: u16 = 600;

/// A file and what it says.
#[derive(Debug, Clone)]
pub struct ParsedFile {
    /// The file.
    pub source: Arc<SourceFile>,
    /// Its blocks and attributes.
    pub body: Body,
}

/// Reads a file of blocks and attributes.
pub fn parse(path: &str, bytes: &[u8]) -> Result<ParsedFile, Diagnostic> {
    let source = source_file(path, bytes)?;
    let tokens = checked(&source, lex::tokens(&source.text))?;
    let mut parser = Parser::new(&source, tokens, true);
    let body = parser.file().map_err(|e| *e)?;
    Ok(ParsedFile { body: Body::new(&source, Arc::new(body)), source })
}

/// Reads one expression, such as a line of the console.
pub fn parse_expression(path: &str, text: &str) -> Result<Expr, Diagnostic> {
    let source = source_file(path, text.as_bytes())?;
    let tokens = checked(&source, lex::tokens(&source.text))?;
    let mut parser = Parser::new(&source, tokens, false);
    let node = parser.expression().map_err(|e| *e)?;
    let next = parser.peek();
    if next.kind != Tok::End {
        return Err(parser
            .error(next.at, "Extra characters after expression")
            .detail("An expression was successfully parsed, but extra characters were found after it."));
    }
    Ok(Expr::new(&source, node))
}

/// Reads a bare template, as a template file holds it.
pub fn parse_template(path: &str, text: &str) -> Result<Expr, Diagnostic> {
    let source = source_file(path, text.as_bytes())?;
    let tokens = checked(&source, lex::template_tokens(&source.text))?;
    let mut parser = Parser::new(&source, tokens, false);
    let node = parser.bare_template().map_err(|e| *e)?;
    Ok(Expr::new(&source, node))
}

fn source_file(path: &str, bytes: &[u8]) -> Result<Arc<SourceFile>, Diagnostic> {
    if bytes.len() > MAX_BYTES {
        return Err(Diagnostic::error(format!("{path} is too large"))
            .code("syntax")
            .detail(format!(
                "The file has {} bytes; at most {} MiB are read as configuration.",
                bytes.len(),
                MAX_BYTES >> 20
            ))
            .hint("Move data out of the configuration and read it with file() or jsondecode(file())."));
    }
    let skip = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = std::str::from_utf8(&bytes[skip..]).map_err(|e| {
        let offset = skip + e.valid_up_to();
        let line = bytes[..offset].iter().filter(|b| **b == b'\n').count() + 1;
        Diagnostic::error(format!("{path} is not UTF-8"))
            .code("syntax")
            .detail(format!(
                "The byte {:#04x} on line {line} (offset {offset}) is not part of any UTF-8 character.",
                bytes[offset]
            ))
            .hint("Save the file with the UTF-8 encoding.")
    })?;
    Ok(Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() }))
}

fn checked(source: &Arc<SourceFile>, tokens: Result<Vec<Token>, LexError>) -> Result<Vec<Token>, Diagnostic> {
    let tokens = tokens.map_err(|e| {
        Diagnostic::error(e.summary).code("syntax").detail(e.detail).at(Span::new(source, e.at.range()))
    })?;
    let mut depth = 0usize;
    for token in &tokens {
        match token.kind {
            Tok::Op(Op::OpenBrace | Op::OpenBracket | Op::OpenParen)
            | Tok::OpenQuote
            | Tok::OpenHeredoc
            | Tok::Interpolation
            | Tok::Directive => depth += 1,
            Tok::Op(Op::CloseBrace | Op::CloseBracket | Op::CloseParen)
            | Tok::CloseQuote
            | Tok::CloseHeredoc
            | Tok::TemplateEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTING {
            return Err(too_deep().at(Span::new(source, token.at.range())));
        }
    }
    Ok(tokens)
}

fn too_deep() -> Diagnostic {
    Diagnostic::error("Nesting too deep")
        .code("syntax")
        .detail(format!("Brackets, blocks and templates may be nested at most {MAX_NESTING} levels deep."))
        .hint("Give the inner parts names in a locals block.")
}

/// Something opened that must be closed.
struct Open {
    at: At,
    what: &'static str,
    close: &'static str,
}

struct Parser<'a> {
    source: &'a Arc<SourceFile>,
    tokens: Vec<Token>,
    next: usize,
    /// Whether a line end counts here; inside most brackets it does not.
    newlines: bool,
    open: Vec<Open>,
    depth: usize,
    /// The string of a JSON file that is read, with its escapes.
    decoded: Option<&'a Decoded>,
}

/// Boxed, so that the frames of the recursive parser stay small.
type Parsed<T> = Result<T, Box<Diagnostic>>;

impl<'a> Parser<'a> {
    fn new(source: &'a Arc<SourceFile>, tokens: Vec<Token>, newlines: bool) -> Self {
        Parser { source, tokens, next: 0, newlines, open: Vec::new(), depth: 0, decoded: None }
    }

    /// The same for tokens of a string in JSON.
    fn within_json(self, decoded: &'a Decoded) -> Self {
        Parser { decoded: Some(decoded), ..self }
    }

    fn skip_insignificant(&mut self) {
        while let Some(token) = self.tokens.get(self.next) {
            match token.kind {
                Tok::Comment => self.next += 1,
                Tok::Newline if !self.newlines => self.next += 1,
                _ => break,
            }
        }
    }

    fn peek(&mut self) -> Token {
        self.skip_insignificant();
        self.raw()
    }

    /// The next token, comments and line ends included.
    fn raw(&self) -> Token {
        self.tokens
            .get(self.next)
            .or(self.tokens.last())
            .copied()
            .unwrap_or(Token { kind: Tok::End, at: At::default() })
    }

    fn bump(&mut self) -> Token {
        let token = self.peek();
        if token.kind != Tok::End {
            self.next += 1;
        }
        token
    }

    fn take(&mut self, op: Op) -> Option<Token> {
        (self.peek().kind == Tok::Op(op)).then(|| self.bump())
    }

    fn is_word(&mut self, word: &str) -> bool {
        let token = self.peek();
        token.kind == Tok::Ident && self.text(token.at) == word
    }

    fn text(&self, at: At) -> &'a str {
        match self.decoded {
            Some(decoded) => decoded.slice(at),
            None => self.source.text.get(at.range()).unwrap_or(""),
        }
    }

    fn span(&self, at: At) -> Span {
        Span::new(self.source, at.range())
    }

    fn error(&self, at: At, summary: impl Into<String>) -> Diagnostic {
        Diagnostic::error(summary).code("syntax").at(self.span(at))
    }

    /// Runs `inner` between brackets, with line ends counting or not; `inner` sees the closing one.
    fn within<T>(&mut self, open: Open, newlines: bool, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.open.push(open);
        let before = std::mem::replace(&mut self.newlines, newlines);
        let result = inner(self);
        self.newlines = before;
        self.open.pop();
        result
    }

    /// One level deeper; refuses what would not fit the stack.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth > 2 * MAX_NESTING {
            let at = self.peek().at;
            return Err(too_deep().at(self.span(at)).into());
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// The error when `found` is not what must come: at the end of the file, what was never closed.
    fn unexpected(&self, found: Token, summary: &str, detail: impl Into<String>) -> Diagnostic {
        if found.kind == Tok::End
            && let Some(open) = self.open.last()
        {
            return self.unclosed(open);
        }
        let at = if found.at.start == found.at.end && found.at.start > 0 {
            At { start: found.at.start - 1, end: found.at.end }
        } else {
            found.at
        };
        self.error(at, summary).detail(detail)
    }

    fn unclosed(&self, open: &Open) -> Diagnostic {
        let (line, _) = self.span(open.at).line_column();
        let summary = if open.what == "block" {
            "Unclosed configuration block".to_owned()
        } else {
            format!("Unclosed {}", open.what)
        };
        self.error(open.at, summary).label("opened here, never closed").detail(format!(
            "There is no closing {} for this {}, opened on line {line}, before the end of the file. This may be caused by incorrect nesting elsewhere in this file.",
            open.close, open.what,
        ))
    }

    fn node(&self, kind: super::ast::NodeKind, at: At, below: u16) -> Parsed<Arc<Node>> {
        if below >= MAX_HEIGHT {
            return Err(self
                .error(at, "Expression too long")
                .detail(format!("At most {MAX_HEIGHT} operators may follow one another in one expression."))
                .hint("Use a list with a function such as join, alltrue or anytrue, or give parts names in a locals block.").into());
        }
        Ok(Arc::new(Node { kind, at, height: below + 1 }))
    }
}

#[cfg(test)]
mod tests;
