//! The canonical layout of source text, as `terraform fmt` makes it.
//!
//! Works on tokens: indentation, spaces within a line, and `=` and comments aligned over
//! neighbouring lines. The content of comments and heredocs stays. Text that cannot be read is
//! returned as it is; its errors are for the parser to report.

use super::parse::lex::{Op, Tok, Token, tokens};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// The text in canonical form.
pub fn format_source(text: &str) -> String {
    let (mark, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let Ok(tokens) = tokens(text) else { return format!("{mark}{text}") };
    let mut pieces = pieces(text, &tokens);
    let mut lines = lines(&pieces);
    indent(&mut pieces, &lines);
    space(&mut pieces, &lines);
    align(&mut pieces, &mut lines);
    let mut out = String::with_capacity(text.len() + mark.len());
    out.push_str(mark);
    for piece in &pieces {
        out.extend(std::iter::repeat_n(' ', piece.spaces));
        out.push_str(piece.text);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// A token with the spaces before it.
struct Piece<'a> {
    kind: Tok,
    text: &'a str,
    spaces: usize,
}

impl Piece<'_> {
    fn ends_line(&self) -> bool {
        self.kind == Tok::Newline || (self.kind == Tok::Comment && self.text.ends_with('\n'))
    }

    /// How many brackets it opens, less those it closes.
    fn brackets(&self) -> i32 {
        brackets(self.kind)
    }

    fn width(&self) -> usize {
        self.spaces + if self.text.is_ascii() { self.text.len() } else { self.text.graphemes(true).count() }
    }
}

fn brackets(kind: Tok) -> i32 {
    match kind {
        Tok::Op(Op::OpenBrace | Op::OpenBracket | Op::OpenParen) | Tok::Interpolation | Tok::Directive => 1,
        Tok::Op(Op::CloseBrace | Op::CloseBracket | Op::CloseParen) | Tok::TemplateEnd => -1,
        _ => 0,
    }
}

/// The tokens with the spaces that they have now; a line comment takes its line end along.
fn pieces<'a>(text: &'a str, tokens: &[Token]) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::with_capacity(tokens.len());
    let mut end = 0;
    for token in tokens {
        let range = token.at.range();
        let joins = token.kind == Tok::Newline
            && pieces
                .last()
                .is_some_and(|p| p.kind == Tok::Comment && !p.text.starts_with("/*") && !p.text.ends_with('\n'));
        if joins && let Some(comment) = pieces.last_mut() {
            let start = range.start - comment.text.len();
            comment.text = &text[start..range.end];
        } else {
            let spaces = range.start.saturating_sub(end);
            pieces.push(Piece { kind: token.kind, text: &text[range.clone()], spaces });
        }
        end = range.end;
    }
    pieces
}

/// One line's cells, as ranges of pieces.
#[derive(Default)]
struct Line {
    lead: Range<usize>,
    assign: Range<usize>,
    comment: Range<usize>,
}

fn lines(pieces: &[Piece<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (i, piece) in pieces.iter().enumerate() {
        if piece.ends_line() || i + 1 == pieces.len() {
            lines.push(line(pieces, start..i + 1));
            start = i + 1;
        }
    }
    lines
}

fn line(pieces: &[Piece<'_>], all: Range<usize>) -> Line {
    let mut line = Line { lead: all.clone(), ..Line::default() };
    if all.len() > 1 && pieces[all.end - 1].kind == Tok::Comment {
        line.comment = all.end - 1..all.end;
        line.lead.end -= 1;
    }
    let equals = (line.lead.start + 1..line.lead.end).find(|i| pieces[*i].kind == Tok::Op(Op::Assign));
    if let Some(equals) = equals {
        let value = equals..line.lead.end;
        if pieces[value.clone()].iter().map(Piece::brackets).sum::<i32>() == 0 {
            line.assign = value;
            line.lead.end = equals;
        }
    }
    line
}

fn indent(pieces: &mut [Piece<'_>], lines: &[Line]) {
    let mut open: Vec<i32> = Vec::new();
    for line in lines {
        let Some(first) = pieces.get(line.lead.start) else { continue };
        if matches!(first.kind, Tok::Newline | Tok::End) {
            pieces[line.lead.start].spaces = 0;
            continue;
        }
        let count = |range: &Range<usize>| -> i32 {
            let cell = &pieces[range.clone()];
            let visible = cell.iter().position(|p| p.kind == Tok::OpenHeredoc).unwrap_or(cell.len());
            cell[..visible].iter().map(Piece::brackets).sum()
        };
        let net = count(&line.lead) + count(&line.assign);
        if net > 0 {
            pieces[line.lead.start].spaces = 2 * open.len();
            open.push(net);
            continue;
        }
        let mut closed = -net;
        while closed > 0 {
            let Some(last) = open.last_mut() else { break };
            if closed < *last {
                *last -= closed;
                break;
            }
            closed -= *last;
            open.pop();
        }
        pieces[line.lead.start].spaces = 2 * open.len();
    }
}

fn space(pieces: &mut [Piece<'_>], lines: &[Line]) {
    for line in lines {
        for cell in [&line.lead, &line.assign] {
            for i in cell.clone().skip(1) {
                let before = (i >= cell.start + 2).then(|| pieces[i - 2].kind);
                let subject = &pieces[i - 1];
                let wanted = space_between(before, subject.kind, subject.text, pieces[i].kind);
                pieces[i].spaces = usize::from(wanted);
            }
        }
        if let Some(equals) = pieces.get_mut(line.assign.start)
            && !line.assign.is_empty()
        {
            equals.spaces = 1;
        }
    }
}

/// Whether a space stands between `subject` and `after`; `before` is what comes before `subject`.
fn space_between(before: Option<Tok>, subject: Tok, subject_text: &str, after: Tok) -> bool {
    use Tok::{CloseHeredoc, CloseQuote, HeredocText, Ident, Number, OpenHeredoc, OpenQuote, QuotedText};
    const OPEN_BRACE: Tok = Tok::Op(Op::OpenBrace);
    const CLOSE_BRACE: Tok = Tok::Op(Op::CloseBrace);
    match (subject, after) {
        (_, Tok::Newline | Tok::End) => false,
        (Ident, Tok::Op(Op::OpenParen)) => false,
        (Ident, Tok::Op(Op::DoubleColon)) | (Tok::Op(Op::DoubleColon), Ident) => false,
        // Dots that stand apart must not become the operator "...".
        (Tok::Op(Op::Dot), Tok::Op(Op::Dot | Op::Ellipsis)) => true,
        (Tok::Op(Op::Dot), _) | (_, Tok::Op(Op::Dot)) => false,
        (_, Tok::Op(Op::Comma | Op::Ellipsis)) => false,
        (Tok::Op(Op::Comma), _) => true,
        (QuotedText | HeredocText | OpenQuote | OpenHeredoc, _) => false,
        (_, QuotedText | HeredocText | CloseQuote | CloseHeredoc) => false,
        (Ident, _) if subject_text == "in" && before == Some(Ident) => true,
        (Ident | Number, Tok::Op(Op::OpenBracket)) => false,
        (_, Tok::Op(Op::OpenBracket)) if brackets(subject) < 0 => false,
        // "! =" must not become the operator "!=".
        (Tok::Op(Op::Not), Tok::Op(Op::Assign | Op::Arrow | Op::Equal)) => true,
        (Tok::Op(Op::Not), _) => false,
        (Tok::Op(Op::Minus), _) => before.is_some_and(|b| !precedes_negation(b)),
        (OPEN_BRACE, CLOSE_BRACE) => false,
        (OPEN_BRACE, _) | (_, CLOSE_BRACE) => true,
        (Tok::Interpolation | Tok::Directive, OPEN_BRACE) | (CLOSE_BRACE, Tok::TemplateEnd) => true,
        (Tok::TemplateEnd, Tok::Interpolation | Tok::Directive) => false,
        _ => brackets(subject) <= 0 && brackets(after) >= 0,
    }
}

/// Whether a minus after this is a sign and not a subtraction.
fn precedes_negation(before: Tok) -> bool {
    let Tok::Op(op) = before else { return false };
    !matches!(
        op,
        Op::CloseBrace | Op::CloseBracket | Op::CloseParen | Op::Dot | Op::Arrow | Op::Ellipsis | Op::DoubleColon
    )
}

fn align(pieces: &mut [Piece<'_>], lines: &mut [Line]) {
    align_cell(pieces, lines, |l| &l.assign, |l| vec![l.lead.clone()]);
    align_cell(pieces, lines, |l| &l.comment, |l| vec![l.lead.clone(), l.assign.clone()]);
}

/// Puts the cells of neighbouring lines that have one into one column, one space past the longest.
fn align_cell(
    pieces: &mut [Piece<'_>],
    lines: &[Line],
    cell: impl Fn(&Line) -> &Range<usize>,
    before: impl Fn(&Line) -> Vec<Range<usize>>,
) {
    for chain in lines.chunk_by(|a, b| cell(a).is_empty() == cell(b).is_empty()) {
        if chain.first().is_none_or(|l| cell(l).is_empty()) {
            continue;
        }
        let widths: Vec<usize> = chain
            .iter()
            .map(|l| before(l).into_iter().flat_map(|r| pieces[r].iter()).map(Piece::width).sum())
            .collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        for (line, width) in chain.iter().zip(widths) {
            pieces[cell(line).start].spaces = widest - width + 1;
        }
    }
}

#[cfg(test)]
mod tests;
