//! Lines with signs and indentation, in colour or not: the paper that plans and states are written
//! on. It never wraps a line.

use crate::report::literal::printable;
use crate::report::value_diff::{Body, Entry, Node, Sign};
use anstyle::AnsiColor;

/// Text under construction.
#[derive(Debug)]
pub struct Canvas {
    out: String,
    ink: DiffStyle,
}

/// How signs and tones are put on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffStyle {
    /// Signs where their lines begin, no colour.
    Plain,
    /// The same in the colours of a terminal.
    Colour,
    /// Signs in the first column, as `diff` has them.
    Diff,
}

impl DiffStyle {
    /// With colour or without.
    pub fn on_terminal(colour: bool) -> Self {
        if colour { DiffStyle::Colour } else { DiffStyle::Plain }
    }
}

/// The styles of what is not plain.
#[derive(Debug, Clone, Copy)]
pub enum Style {
    /// As it is.
    Plain,
    /// Headings.
    Bold,
    /// Text that needs a second look.
    Alarm,
    /// Text that may be skipped.
    Dim,
    /// Added.
    Add,
    /// Removed.
    Remove,
    /// Changed.
    Change,
    /// Read.
    Read,
}

impl Style {
    fn style(self) -> anstyle::Style {
        let colour = |c: AnsiColor| anstyle::Style::new().fg_color(Some(c.into()));
        match self {
            Style::Plain => anstyle::Style::new(),
            Style::Bold => anstyle::Style::new().bold(),
            Style::Alarm => colour(AnsiColor::Red).bold(),
            Style::Dim => anstyle::Style::new().dimmed(),
            Style::Add => colour(AnsiColor::Green),
            Style::Remove => colour(AnsiColor::Red),
            Style::Change => colour(AnsiColor::Yellow),
            Style::Read => colour(AnsiColor::Cyan),
        }
    }
}

impl Sign {
    fn mark(self) -> (char, Style) {
        match self {
            Sign::Keep => (' ', Style::Plain),
            Sign::Add => ('+', Style::Add),
            Sign::Remove => ('-', Style::Remove),
            Sign::Change => ('~', Style::Change),
        }
    }
}

impl Canvas {
    /// An empty sheet.
    pub fn new(ink: DiffStyle) -> Self {
        Canvas { out: String::new(), ink }
    }

    /// The text so far.
    pub fn finish(self) -> String {
        self.out
    }

    /// How many bytes were written.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The text in its tone.
    pub fn toned(&self, tone: Style, text: &str) -> String {
        let style = tone.style();
        if self.ink == DiffStyle::Colour && !text.is_empty() && style != anstyle::Style::new() {
            format!("{style}{text}{style:#}")
        } else {
            text.into()
        }
    }

    /// A line as it is; an empty one separates, so that it neither comes first nor twice.
    pub fn raw(&mut self, text: &str) {
        if text.is_empty() && (self.out.is_empty() || self.out.ends_with("\n\n")) {
            return;
        }
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// A line with its sign.
    pub fn line(&mut self, indent: usize, sign: Sign, text: &str) {
        let (mark, tone) = sign.mark();
        if self.ink == DiffStyle::Diff {
            return self.raw(&format!("{}{:indent$} {text}", if sign == Sign::Change { '!' } else { mark }, ""));
        }
        let mark = self.toned(tone, mark.encode_utf8(&mut [0; 4]));
        self.raw(&format!("{:indent$}{mark} {text}", ""));
    }

    /// The first line of an object, with a symbol of up to three characters.
    pub fn header(&mut self, symbol: &str, tone: Style, text: &str) {
        if self.ink != DiffStyle::Diff {
            return self.raw(&format!("{} {text}", self.toned(tone, symbol)));
        }
        let mark = match symbol.trim() {
            "+" => '+',
            "-" => '-',
            "~" | "-/+" | "+/-" => '!',
            _ => ' ',
        };
        self.raw(&format!("{mark}   {text}"));
    }

    /// A comment where text would be.
    pub fn comment(&mut self, indent: usize, text: &str) {
        let text = self.toned(Style::Dim, &format!("# {text}"));
        self.line(indent, Sign::Keep, &text);
    }

    /// How many are not shown.
    pub fn hidden(&mut self, indent: usize, count: usize, called: &str) {
        if count > 0 {
            self.comment(indent, &format!("({count} unchanged {called}{} hidden)", if count == 1 { "" } else { "s" }));
        }
    }

    /// A value: `prefix` before it, `after` behind its last line, `note` behind its first.
    pub fn node(&mut self, indent: usize, prefix: &str, node: &Node, after: &str, note: &str) {
        match &node.body {
            Body::Text(text) => self.line(indent, node.sign, &format!("{prefix}{text}{after}{note}")),
            Body::Nest { open, entries, close } => {
                self.line(indent, node.sign, &format!("{prefix}{open}{note}"));
                self.entries(indent + 4, entries);
                self.line(indent, Sign::Keep, &format!("{close}{after}"));
            }
            Body::Lines { lines, suffix } => {
                self.line(indent, node.sign, &format!("{prefix}<<-EOT{note}"));
                for line in lines {
                    match line {
                        Entry::Bare(Node { sign, body: Body::Text(text) }) => {
                            self.line(indent + 4, *sign, &printable(text));
                        }
                        other => self.entries(indent + 4, std::slice::from_ref(other)),
                    }
                }
                self.line(indent, Sign::Keep, &format!("EOT{suffix}{after}"));
            }
        }
    }

    fn entries(&mut self, indent: usize, entries: &[Entry]) {
        let width = entries.iter().map(|e| if let Entry::Named(name, _) = e { name.chars().count() } else { 0 }).max();
        let width = width.unwrap_or(0);
        for entry in entries {
            match entry {
                Entry::Named(name, node) => self.node(indent, &format!("{name:width$} = "), node, "", ""),
                Entry::Element(node) => self.node(indent, "", node, ",", ""),
                Entry::Bare(node) => self.node(indent, "", node, "", ""),
                Entry::Hidden(count, called) => self.hidden(indent, *count, called),
            }
        }
    }
}
