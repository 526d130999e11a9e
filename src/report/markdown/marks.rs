//! Text that comes from elsewhere, made fit for its place in markdown. It neither becomes markup nor leaves the
//! place, and is otherwise left as a person reads it.

use crate::report::literal::printable;
use crate::report::marks::{Marks, beginning};

/// How sentences are written in markdown.
pub const MARKS: Marks =
    Marks { name: code, words: |text| prose(&beginning(text, 400)), strong: |text| format!("**{text}**"), most: 8 };

/// As code, wherever it stands.
pub fn code(text: &str) -> String {
    if text.is_empty() || text.contains(['`', '|', '\n', '\r']) || text.trim() != text {
        return format!("<code>{}</code>", prose(text));
    }
    format!("`{}`", printable(text))
}

/// As plain text. A character is written by number where it could be markup there, and nowhere else.
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text =
        printable(&text.split(['\n', '\r']).map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" "));
    let mut before = None;
    let mut rest = text.chars().peekable();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut at = 0;
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let number = |c: char| format!("&#{};", u32::from(c));
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '`' | '|' | '*' | '~' | '\\' | '$' => out.push_str(&number(c)),
            // Within a word it is nothing but itself.
            '_' if !within(before, &rest) => out.push_str(&number(c)),
            ']' if matches!(next, None | Some('(' | '[' | ':')) => out.push_str(&number(c)),
            // Would notify somebody, or refer to an issue.
            '@' | '#' if next.is_some_and(char::is_alphanumeric) => out.push_str(&format!("{c}&#8203;")),
            '#' | '>' | '-' | '+' | '=' | '[' if at == 0 => out.push_str(&number(c)),
            '.' | ')' if at == digits && at > 0 => out.push_str(&number(c)),
            c => out.push(c),
        }
        if c != '_' {
            before = Some(c);
        }
        at += 1;
    }
    out
}

/// Whether a run of underscores is between letters or digits.
fn within(before: Option<char>, rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let after = rest.clone().find(|c| *c != '_');
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
}

/// As text in HTML, where markdown does not read.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(&text.replace(['\n', '\r'], " ")).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A link to a line of a file below `base`, by the name that is shown; only that where there is nothing to link to.
pub fn place(base: Option<&str>, shown: &str, file: &str, line: usize) -> String {
    let shown = code(&format!("{shown}:{line}"));
    let Some(base) = base else { return shown };
    // Only in a span of code are brackets nothing but text.
    let shown = if shown.starts_with('`') { shown } else { shown.replace('[', "&#91;").replace(']', "&#93;") };
    format!("[{shown}]({})", address_of(base, file, line))
}

/// The address of a line, with nothing in it that ends a link.
pub fn address_of(base: &str, file: &str, line: usize) -> String {
    let encoded = |text: &str, kept: &str| -> String {
        let one = |byte: u8| match char::from(byte) {
            c if c.is_ascii_alphanumeric() || kept.contains(c) => c.to_string(),
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(one).collect()
    };
    format!("{}/{}#L{line}", encoded(base.trim_end_matches('/'), "/.-_:~%@?=&+"), encoded(file, "/.-_"))
}

/// A fence that nothing in these texts ends.
pub fn fence<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let run = |text: &str| text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(texts.into_iter().map(run).max().unwrap_or(0).max(2) + 1)
}

/// The text as a difference.
pub fn fenced(text: &str) -> String {
    let fence = fence([text]);
    format!("{fence}diff\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_be_markup_is_written_by_number() {
        for (text, written) in [
            (
                "aws_vpc.main and module.a[\"k\"].aws_eip.x[0] -> 1",
                "aws_vpc.main and module.a[\"k\"].aws_eip.x[0] -> 1",
            ),
            ("a __b__ _c_", "a &#95;&#95;b&#95;&#95; &#95;c&#95;"),
            ("a__b", "a__b"),
            ("*a* ~b~ `c` a|b \\", "&#42;a&#42; &#126;b&#126; &#96;c&#96; a&#124;b &#92;"),
            ("[a](b) [c]: d [e]", "&#91;a&#93;(b) [c&#93;: d [e&#93;"),
            ("a & b < c > d", "a &amp; b &lt; c > d"),
            ("@you see #12 and # 3", "@&#8203;you see #&#8203;12 and # 3"),
            ("# a", "&#35; a"),
            ("12. a", "12&#46; a"),
            ("- a\n\n  # b\r\n> c", "&#45; a # b > c"),
            ("1.2.3.4", "1&#46;2.3.4"),
        ] {
            assert_eq!(prose(text), written, "{text}");
        }
    }

    #[test]
    fn code_is_a_span_unless_the_text_would_end_it() {
        assert_eq!(code("aws_vpc.a"), "`aws_vpc.a`");
        assert_eq!(code("a[\"x|y\"]"), "<code>a[\"x&#124;y\"&#93;</code>");
        assert_eq!(code("a`b\n</code>"), "<code>a&#96;b &lt;/code></code>");
        assert_eq!(code("\u{202e}x"), "`\\u202ex`");
    }

    #[test]
    fn a_link_holds_whatever_a_file_is_called() {
        let link = place(Some("https://h/o/r/blob/abc/"), "c)d.tf", "a b/c)d.tf", 3);
        assert_eq!(link, "[`c)d.tf:3`](https://h/o/r/blob/abc/a%20b/c%29d.tf#L3)");
        let link = place(Some("https://h"), "a[`]b", "x", 1);
        assert_eq!(link, "[<code>a&#91;&#96;&#93;b:1</code>](https://h/x#L1)");
        assert_eq!(place(None, "main.tf", "a/main.tf", 3), "`main.tf:3`");
    }

    #[test]
    fn nothing_in_html_begins_an_element() {
        assert_eq!(html("<b a=\"x\">&'\n"), "&lt;b a=&quot;x&quot;&gt;&amp;&#39; ");
    }
}
