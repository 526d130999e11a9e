//! Text to tokens, losslessly: what lies between two tokens is only blanks.
//!
//! Strings, heredocs and the expressions inside them are followed with an explicit stack, so
//! that no nesting, however deep, can exhaust the machine's.

use crate::lang::ast::At;

/// A piece of source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub kind: Tok,
    pub at: At,
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tok {
    Ident,
    Number,
    /// `"` that opens or closes a string.
    OpenQuote,
    CloseQuote,
    /// Text inside quotes, escapes untouched.
    QuotedText,
    /// `<<EOT` or `<<-EOT` with its line end.
    OpenHeredoc,
    /// The line that closes a heredoc, without its line end.
    CloseHeredoc,
    /// Text of a heredoc, at most one line.
    HeredocText,
    /// `${` or `${~`
    Interpolation,
    /// `%{` or `%{~`
    Directive,
    /// `}` or `~}` that ends either.
    TemplateEnd,
    /// `#`, `//` or `/* */`, without line end.
    Comment,
    Newline,
    /// An operator or bracket; the text says which.
    Op(Op),
    End,
}

/// Operators and brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Op {
    OpenBrace, CloseBrace, OpenBracket, CloseBracket, OpenParen, CloseParen,
    Assign, Arrow, Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual,
    And, Or, Not, Plus, Minus, Star, Slash, Percent,
    Question, Colon, DoubleColon, Comma, Dot, Ellipsis,
}

/// Why text cannot be cut into tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LexError {
    pub at: At,
    pub summary: &'static str,
    pub detail: String,
}

enum Mode {
    /// Structure and expressions; the number of braces open in it, and where it was opened.
    Code {
        braces: usize,
        template: bool,
    },
    Quoted {
        open: At,
    },
    Heredoc {
        marker: At,
        open: At,
        line_start: bool,
    },
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pos: usize,
    modes: Vec<Mode>,
    out: Vec<Token>,
}

/// The tokens of `text`, ending with [`Tok::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, LexError> {
    run(text, Mode::Code { braces: 0, template: false })
}

/// The tokens of a bare template: text with `${ … }` and `%{ … }`, without quotes around it.
pub(crate) fn template_tokens(text: &str) -> Result<Vec<Token>, LexError> {
    run(text, Mode::Heredoc { marker: At::default(), open: At::default(), line_start: false })
}

fn run(text: &str, start: Mode) -> Result<Vec<Token>, LexError> {
    let mut lexer =
        Lexer { text, bytes: text.as_bytes(), pos: 0, modes: vec![start], out: Vec::with_capacity(text.len() / 4) };
    lexer.all()?;
    Ok(lexer.out)
}

impl<'a> Lexer<'a> {
    fn all(&mut self) -> Result<(), LexError> {
        while self.pos < self.bytes.len() {
            match self.modes.last() {
                Some(Mode::Quoted { open }) => {
                    let open = *open;
                    self.quoted(open)?;
                }
                Some(Mode::Heredoc { marker, line_start, .. }) => {
                    let (marker, line_start) = (*marker, *line_start);
                    self.heredoc(marker, line_start);
                }
                _ => self.code()?,
            }
        }
        let bare_template = |m: &Mode| matches!(m, Mode::Heredoc { marker, .. } if *marker == At::default());
        for mode in self.modes.iter().rev() {
            match mode {
                Mode::Quoted { open } => return Err(unterminated(*open)),
                Mode::Heredoc { open, marker, .. } if !bare_template(mode) => {
                    return Err(LexError {
                        at: *open,
                        summary: "Unterminated heredoc",
                        detail: format!(
                            "No line with only the closing marker {:?} follows before the end of the file.",
                            &self.text[marker.range()]
                        ),
                    });
                }
                _ => {}
            }
        }
        let end = self.bytes.len();
        self.push(Tok::End, end, end);
        Ok(())
    }

    fn push(&mut self, kind: Tok, start: usize, end: usize) {
        self.out.push(Token { kind, at: at(start, end) });
        self.pos = end;
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }

    fn code(&mut self) -> Result<(), LexError> {
        let start = self.pos;
        let byte = self.bytes[start];
        match byte {
            b' ' | b'\t' => self.pos += 1,
            b'\r' if self.peek(1) == b'\n' => self.push(Tok::Newline, start, start + 2),
            b'\n' => self.push(Tok::Newline, start, start + 1),
            b'#' => self.line_comment(start),
            b'/' if self.peek(1) == b'/' => self.line_comment(start),
            b'/' if self.peek(1) == b'*' => match self.text[start + 2..].find("*/") {
                Some(length) => self.push(Tok::Comment, start, start + 2 + length + 2),
                None => {
                    return Err(LexError {
                        at: at(start, start + 2),
                        summary: "Unterminated comment",
                        detail: "No \"*/\" closes this comment before the end of the file.".into(),
                    });
                }
            },
            b'"' => {
                self.push(Tok::OpenQuote, start, start + 1);
                self.modes.push(Mode::Quoted { open: at(start, start + 1) });
            }
            b'0'..=b'9' => self.number(start),
            b'<' if self.peek(1) == b'<' => self.open_heredoc(start)?,
            _ if byte.is_ascii_punctuation() && byte != b'_' => self.operator(start, byte)?,
            _ => self.ident(start)?,
        }
        Ok(())
    }

    fn line_comment(&mut self, start: usize) {
        let rest = &self.text[start..];
        let length = rest.find('\n').unwrap_or(rest.len());
        let length = if rest[..length].ends_with('\r') { length - 1 } else { length };
        self.push(Tok::Comment, start, start + length.max(1));
    }

    fn number(&mut self, start: usize) {
        let digits = |mut at: usize| {
            while self.bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let is = |at: usize, any: &[u8]| self.bytes.get(at).is_some_and(|b| any.contains(b));
        let mut end = digits(start);
        if is(end, b".") && digits(end + 1) > end + 1 {
            end = digits(end + 1);
        }
        if is(end, b"eE") {
            let sign = if is(end + 1, b"+-") { end + 2 } else { end + 1 };
            if digits(sign) > sign {
                end = digits(sign);
            }
        }
        self.push(Tok::Number, start, end);
    }

    fn ident(&mut self, start: usize) -> Result<(), LexError> {
        let mut chars = self.text[start..].char_indices();
        let first = chars.next().map(|(_, c)| c).unwrap_or(' ');
        if !(first.is_alphabetic() || first == '_') {
            let at = at(start, start + first.len_utf8());
            let detail = match first {
                '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}' => {
                    "\"Curly quotes\" are not valid here. They may come from text copied out of a word processor: use straight quotation marks.".into()
                }
                '\u{feff}' => "A byte-order mark is allowed only at the very start of a file.".into(),
                c => format!("The character {c:?} is not used within the language."),
            };
            return Err(LexError { at, summary: "Invalid character", detail });
        }
        let length = chars
            .find(|(_, c)| !(c.is_alphanumeric() || *c == '_' || *c == '-'))
            .map_or(self.text.len() - start, |(i, _)| i);
        self.push(Tok::Ident, start, start + length);
        Ok(())
    }

    fn operator(&mut self, start: usize, byte: u8) -> Result<(), LexError> {
        let next = self.peek(1);
        let (op, length) = match (byte, next) {
            (b'{', _) => (Op::OpenBrace, 1),
            (b'}', _) => (Op::CloseBrace, 1),
            (b'[', _) => (Op::OpenBracket, 1),
            (b']', _) => (Op::CloseBracket, 1),
            (b'(', _) => (Op::OpenParen, 1),
            (b')', _) => (Op::CloseParen, 1),
            (b'=', b'=') => (Op::Equal, 2),
            (b'=', b'>') => (Op::Arrow, 2),
            (b'=', _) => (Op::Assign, 1),
            (b'!', b'=') => (Op::NotEqual, 2),
            (b'!', _) => (Op::Not, 1),
            (b'<', b'=') => (Op::LessOrEqual, 2),
            (b'<', _) => (Op::Less, 1),
            (b'>', b'=') => (Op::GreaterOrEqual, 2),
            (b'>', _) => (Op::Greater, 1),
            (b'&', b'&') => (Op::And, 2),
            (b'|', b'|') => (Op::Or, 2),
            (b'+', _) => (Op::Plus, 1),
            (b'-', _) => (Op::Minus, 1),
            (b'*', _) => (Op::Star, 1),
            (b'/', _) => (Op::Slash, 1),
            (b'%', _) => (Op::Percent, 1),
            (b'?', _) => (Op::Question, 1),
            (b':', b':') => (Op::DoubleColon, 2),
            (b':', _) => (Op::Colon, 1),
            (b',', _) => (Op::Comma, 1),
            (b'.', b'.') if self.peek(2) == b'.' => (Op::Ellipsis, 3),
            (b'.', _) => (Op::Dot, 1),
            (b'~', b'}') if matches!(self.modes.last(), Some(Mode::Code { braces: 0, template: true })) => {
                self.push(Tok::TemplateEnd, start, start + 2);
                self.modes.pop();
                return Ok(());
            }
            _ => return Err(bad_operator(start, byte)),
        };
        if let Some(Mode::Code { braces, template }) = self.modes.last_mut() {
            match op {
                Op::OpenBrace => *braces += 1,
                Op::CloseBrace if *braces == 0 && *template => {
                    self.modes.pop();
                    self.push(Tok::TemplateEnd, start, start + 1);
                    return Ok(());
                }
                Op::CloseBrace => *braces = braces.saturating_sub(1),
                _ => {}
            }
        }
        self.push(Tok::Op(op), start, start + length);
        Ok(())
    }

    fn open_heredoc(&mut self, start: usize) -> Result<(), LexError> {
        let name = start + if self.peek(2) == b'-' { 3 } else { 2 };
        let rest = &self.text[name..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let marker = line.trim_end_matches([' ', '\t', '\r']);
        let valid = marker.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && marker.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        if !valid || line.len() == rest.len() {
            return Err(LexError {
                at: at(start, name + line.trim_end().len()),
                summary: "Invalid heredoc",
                detail: "A heredoc begins with \"<<\" or \"<<-\", a marker such as EOT, and the end of the line."
                    .into(),
            });
        }
        let end = name + line.len() + 1;
        let open = at(start, name + marker.len());
        self.push(Tok::OpenHeredoc, start, end);
        self.modes.push(Mode::Heredoc { marker: at(name, name + marker.len()), open, line_start: true });
        Ok(())
    }

    fn quoted(&mut self, open: At) -> Result<(), LexError> {
        let start = self.pos;
        let mut i = start;
        while i < self.bytes.len() {
            match self.bytes[i] {
                b'"' => {
                    self.text_until(Tok::QuotedText, start, i);
                    self.push(Tok::CloseQuote, i, i + 1);
                    self.modes.pop();
                    return Ok(());
                }
                b'\\' => {
                    i += 1;
                    i += self.text.get(i..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
                }
                b'\n' => {
                    return Err(LexError {
                        at: at(open.start as usize, i),
                        summary: "Invalid multi-line string",
                        detail: "Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the \"heredoc\" multi-line template syntax.".into(),
                    });
                }
                _ => match self.marker(i) {
                    Marker::None => i += 1,
                    Marker::Escaped => i += 3,
                    Marker::Open(kind, length) => {
                        self.text_until(Tok::QuotedText, start, i);
                        self.open_template(kind, i, length);
                        return Ok(());
                    }
                },
            }
        }
        Err(unterminated(open))
    }

    fn heredoc(&mut self, marker: At, line_start: bool) {
        let start = self.pos;
        if line_start && marker != At::default() {
            let rest = &self.text[start..];
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            if line.trim() == &self.text[marker.range()] {
                self.modes.pop();
                self.push(Tok::CloseHeredoc, start, start + line.trim_end().len());
                return;
            }
        }
        let mut i = start;
        while i < self.bytes.len() {
            if self.bytes[i] == b'\n' {
                i += 1;
                self.text_until(Tok::HeredocText, start, i);
                self.set_line_start(true);
                return;
            }
            match self.marker(i) {
                Marker::None => i += 1,
                Marker::Escaped => i += 3,
                Marker::Open(kind, length) => {
                    self.text_until(Tok::HeredocText, start, i);
                    self.set_line_start(false);
                    self.open_template(kind, i, length);
                    return;
                }
            }
        }
        self.text_until(Tok::HeredocText, start, i);
    }

    fn set_line_start(&mut self, value: bool) {
        if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
            *line_start = value;
        }
    }

    fn text_until(&mut self, kind: Tok, start: usize, end: usize) {
        if end > start {
            self.push(kind, start, end);
        }
    }

    fn open_template(&mut self, kind: Tok, start: usize, length: usize) {
        self.push(kind, start, start + length);
        self.modes.push(Mode::Code { braces: 0, template: true });
    }

    fn marker(&self, i: usize) -> Marker {
        let byte = self.bytes[i];
        if byte != b'$' && byte != b'%' {
            return Marker::None;
        }
        let next = |n: usize| self.bytes.get(i + n).copied().unwrap_or(0);
        if next(1) == byte && next(2) == b'{' {
            return Marker::Escaped;
        }
        if next(1) != b'{' {
            return Marker::None;
        }
        let kind = if byte == b'$' { Tok::Interpolation } else { Tok::Directive };
        Marker::Open(kind, if next(2) == b'~' { 3 } else { 2 })
    }
}

enum Marker {
    None,
    Escaped,
    Open(Tok, usize),
}

fn at(start: usize, end: usize) -> At {
    let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    At { start: clamp(start), end: clamp(end) }
}

fn unterminated(open: At) -> LexError {
    LexError {
        at: open,
        summary: "Unterminated string",
        detail: "No closing quotation mark was found for this string before the end of the file.".into(),
    }
}

fn bad_operator(start: usize, byte: u8) -> LexError {
    let detail = match byte {
        b'\'' => "Single quotes are not valid. Use double quotes (\") to enclose strings.".into(),
        b'`' => "The \"`\" character is not valid. To create a multi-line string, use the \"heredoc\" syntax, like \"<<EOT\".".into(),
        b';' => "The \";\" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.".into(),
        b'&' => "Bitwise operators are not supported. Did you mean boolean AND (\"&&\")?".into(),
        b'|' => "Bitwise operators are not supported. Did you mean boolean OR (\"||\")?".into(),
        b'^' => "Bitwise operators are not supported. For exponents, use the pow function.".into(),
        b'~' => "Bitwise operators are not supported.".into(),
        other => format!("The character {:?} is not used within the language.", char::from(other)),
    };
    let summary = if matches!(byte, b'&' | b'|' | b'^' | b'~') { "Unsupported operator" } else { "Invalid character" };
    LexError { at: at(start, start + 1), summary, detail }
}
