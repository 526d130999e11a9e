//! Takes a format string apart: `%[flags][width][.precision][[argument]]verb`.

use crate::lang::funcs::FunctionError;

/// The widest field and the longest precision.
const WIDEST: usize = 10_000;

/// A piece of a format string.
pub(super) enum Part<'a> {
    Literal(&'a str),
    Verb(Spec<'a>),
}

/// One verb with its options.
#[derive(Default)]
pub(super) struct Spec<'a> {
    /// As it is written, from the percent sign on.
    pub raw: &'a str,
    /// Bytes before it.
    pub offset: usize,
    pub verb: char,
    pub plus: bool,
    pub minus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    pub width: usize,
    pub precision: Option<usize>,
    /// The argument that it names, from 0.
    pub argument: Option<usize>,
}

pub(super) fn parse(template: &str) -> Result<Vec<Part<'_>>, FunctionError> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(rest) = template.get(at..).filter(|r| !r.is_empty()) {
        let literal = rest.find('%').unwrap_or(rest.len());
        if literal > 0 {
            parts.push(Part::Literal(&rest[..literal]));
            at += literal;
        } else if rest.starts_with("%%") {
            parts.push(Part::Literal("%"));
            at += 2;
        } else {
            let spec = Cursor { template, at: at + 1 }.spec(at)?;
            at += spec.raw.len();
            parts.push(Part::Verb(spec));
        }
    }
    Ok(parts)
}

struct Cursor<'a> {
    template: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<char> {
        self.template.get(self.at..).and_then(|rest| rest.chars().next())
    }

    fn spec(mut self, start: usize) -> Result<Spec<'a>, FunctionError> {
        let mut spec = Spec { offset: start, ..Spec::default() };
        while let Some(flag) = self.peek() {
            match flag {
                '+' => spec.plus = true,
                '-' => spec.minus = true,
                '#' => spec.sharp = true,
                ' ' => spec.space = true,
                '0' => spec.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        spec.width = self.digits()?.unwrap_or(0);
        if self.peek() == Some('.') {
            self.at += 1;
            spec.precision = Some(self.digits()?.unwrap_or(0));
        }
        if self.peek() == Some('[') {
            self.at += 1;
            let first = self.at;
            let index = self.digits()?.filter(|_| self.template.as_bytes().get(first) != Some(&b'0'));
            if index.is_none() {
                self.at = first;
                return Err(self.unexpected());
            }
            spec.argument = index.map(|i| i - 1);
            if self.peek() != Some(']') {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        match self.peek() {
            Some(verb) if verb.is_ascii_alphabetic() => {
                spec.verb = verb;
                spec.raw = &self.template[start..=self.at];
                Ok(spec)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn digits(&mut self) -> Result<Option<usize>, FunctionError> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = &self.template[start..self.at];
        if digits.is_empty() {
            return Ok(None);
        }
        match digits.parse().ok().filter(|n| *n <= WIDEST) {
            Some(number) => Ok(Some(number)),
            None => Err(FunctionError::new(format!("{digits} at offset {start} is more than {WIDEST}"))),
        }
    }

    fn unexpected(&self) -> FunctionError {
        FunctionError::new(match self.peek() {
            Some(c) => format!("unrecognized format character '{c}' at offset {}", self.at),
            None => format!("invalid format string starting at offset {}", self.at),
        })
    }
}
