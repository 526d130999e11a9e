//! Lines with signs and indentation, in colour or not: the paper that plans and states are written
//! on. It never wraps a line.

use super::literal::printable;
use super::value_diff::{Body, Entry, Node, Sign};
use anstyle::{AnsiColor, Style};

/// Text under construction.
#[derive(Debug)]
pub struct Paper {
    out: String,
    ink: Ink,
}

/// How signs and tones are put on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Signs where their lines begin, no colour.
    Plain,
    /// The same in the colours of a terminal.
    Colour,
    /// Signs in the first column, as `diff` has them.
    Diff,
}

impl Ink {
    /// With colour or without.
    pub fn on_terminal(colour: bool) -> Self {
        if colour { Ink::Colour } else { Ink::Plain }
    }
}

/// The styles of what is not plain.
#[derive(Debug, Clone, Copy)]
pub enum Tone {
    /// As it is.
    Plain,
    /// Headings.
    Bold,
    /// What needs a second look.
    Alarm,
    /// What may be skipped.
    Dim,
    /// What comes.
    Add,
    /// What goes.
    Remove,
    /// What becomes different.
    Change,
    /// What is read.
    Read,
}

impl Tone {
    fn style(self) -> Style {
        let colour = |c: AnsiColor| Style::new().fg_color(Some(c.into()));
        match self {
            Tone::Plain => Style::new(),
            Tone::Bold => Style::new().bold(),
            Tone::Alarm => colour(AnsiColor::Red).bold(),
            Tone::Dim => Style::new().dimmed(),
            Tone::Add => colour(AnsiColor::Green),
            Tone::Remove => colour(AnsiColor::Red),
            Tone::Change => colour(AnsiColor::Yellow),
            Tone::Read => colour(AnsiColor::Cyan),
        }
    }
}

impl Sign {
    fn mark(self) -> (char, Tone) {
        match self {
            Sign::Keep => (' ', Tone::Plain),
            Sign::Add => ('+', Tone::Add),
            Sign::Remove => ('-', Tone::Remove),
            Sign::Change => ('~', Tone::Change),
        }
    }
}

impl Paper {
    /// An empty sheet.
    pub fn new(ink: Ink) -> Self {
        Paper { out: String::new(), ink }
    }

    /// What was written.
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
    pub fn toned(&self, tone: Tone, text: &str) -> String {
        let style = tone.style();
        if self.ink == Ink::Colour && !text.is_empty() && style != Style::new() {
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
        if self.ink == Ink::Diff {
            return self.raw(&format!("{}{:indent$} {text}", if sign == Sign::Change { '!' } else { mark }, ""));
        }
        let mark = self.toned(tone, mark.encode_utf8(&mut [0; 4]));
        self.raw(&format!("{:indent$}{mark} {text}", ""));
    }

    /// The first line of an object, with a symbol of up to three characters.
    pub fn header(&mut self, symbol: &str, tone: Tone, text: &str) {
        if self.ink != Ink::Diff {
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
        let text = self.toned(Tone::Dim, &format!("# {text}"));
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
