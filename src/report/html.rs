//! A report as one page in HTML that needs nothing else: a summary, then parts whose entries fold, a filter by kind and
//! a search. The page may run its own script and no other, whatever a value says.

use super::markdown::marks::html as escaped;
use super::marks::{Marks, beginning};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// How sentences are written in HTML.
pub const MARKS: Marks = Marks {
    name: |text| format!("<code>{}</code>", escaped(text)),
    words: |text| escaped(&beginning(text, 4_000)),
    strong: |text| format!("<strong>{}</strong>", escaped(text)),
    most: 50,
};

/// A part of the page, about one layout. All texts here are HTML.
pub struct Part {
    /// Its title.
    pub title: String,
    /// Lines below the title.
    pub notes: Vec<String>,
    /// Its entries. Without one it is left out.
    pub entries: Vec<Entry>,
}

/// Something that can be folded, found and filtered.
pub struct Entry {
    /// Its kind, by which the page is filtered.
    pub kind: &'static str,
    /// Short words between the kind and the title, each in a column of its own.
    pub cells: Vec<String>,
    /// The line that is shown when it is folded.
    pub title: String,
    /// The rest.
    pub body: String,
}

/// The whole page; `kinds` is the order of the filter.
pub fn page(title: &str, summary: &str, kinds: &[&str], parts: &[Part]) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let title = escaped(title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{summary}"
    );
    filter(&mut out, kinds, parts);
    for part in parts.iter().filter(|part| !part.entries.is_empty()) {
        out.push_str(&format!("<section class=\"layout\">\n<h2>{}</h2>\n", part.title));
        out.extend(part.notes.iter().map(|note| format!("<p>{note}</p>\n")));
        part.entries.iter().for_each(|entry| entry.write(&mut out));
        out.push_str("</section>\n");
    }
    out.push_str(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    out
}

/// The search and a box for each kind that there is. Without the script it stays hidden.
fn filter(out: &mut String, kinds: &[&str], parts: &[Part]) {
    out.push_str("<nav hidden>\n<input type=\"search\" id=\"search\" placeholder=\"Search\" aria-label=\"Search\">\n");
    for kind in kinds {
        let count = parts.iter().flat_map(|part| &part.entries).filter(|entry| entry.kind == *kind).count();
        if count > 0 {
            let name = format!("<input type=\"checkbox\" value=\"{kind}\" checked> {kind} ({count})");
            out.push_str(&format!("<label>{name}</label>\n"));
        }
    }
    out.push_str(
        "<span class=\"tools\"><button type=\"button\" id=\"open\">Open all</button>\n\
         <button type=\"button\" id=\"fold\">Fold all</button></span>\n\
         <span id=\"found\" class=\"quiet\" role=\"status\"></span>\n</nav>\n",
    );
}

impl Entry {
    fn write(&self, out: &mut String) {
        let Entry { kind, cells, title, body } = self;
        let cells: String = cells.iter().map(|cell| format!("<span class=\"cell\">{cell}</span> ")).collect();
        out.push_str(&format!(
            "<details class=\"change\" data-action=\"{kind}\"><summary><span class=\"action {kind}\">{kind}</span> \
             {cells}{title}</summary>{body}</details>\n"
        ));
    }
}

/// A difference in the manner of `diff`, in colour.
pub fn difference(text: &str) -> String {
    let mut out = String::from("<pre>");
    for line in text.lines() {
        let text = escaped(line);
        out.push_str(&match line.chars().next() {
            Some('+') => format!("<span class=\"add\">{text}</span>\n"),
            Some('-') => format!("<span class=\"remove\">{text}</span>\n"),
            Some('!') => format!("<span class=\"change-line\">{text}</span>\n"),
            _ => format!("{text}\n"),
        });
    }
    out.push_str("</pre>");
    out
}

/// A list.
pub fn list(lines: &[String]) -> String {
    let items: String = lines.iter().map(|line| format!("<li>{line}</li>\n")).collect();
    format!("<ul>\n{items}</ul>\n")
}

/// A list under a title; nothing for an empty one.
pub fn section(title: &str, lines: &[String]) -> String {
    if lines.is_empty() { String::new() } else { format!("<h2>{title}</h2>\n{}", list(lines)) }
}

/// The same for what must not be missed.
pub fn alarm(title: &str, lines: &[String]) -> String {
    if lines.is_empty() { String::new() } else { format!("<div class=\"failed\">\n{}</div>\n", section(title, lines)) }
}

/// A table; nothing for an empty one. A column in which no row has anything is left out, and numbers stand to the right.
pub fn table(columns: &[String], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let used = (0..columns.len()).filter(|at| rows.iter().any(|row| !cell(row, *at).is_empty()));
    let used: Vec<(usize, &str)> = used
        .map(|at| {
            let number = |text: String| text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || c == '%');
            let plain = |text: String| text.replace("<strong>", "").replace("</strong>", "");
            let numbers = rows.iter().all(|row| number(plain(cell(row, at))));
            (at, if numbers { " class=\"number\"" } else { "" })
        })
        .collect();
    let line = |row: &[String], tag: &str| -> String {
        let cells: String =
            used.iter().map(|(at, class)| format!("<{tag}{class}>{}</{tag}>", cell(row, *at))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let body: String = rows.iter().map(|row| line(row, "td")).collect();
    let head = line(columns, "th");
    format!("<div class=\"scroll\"><table>\n<thead>\n{head}</thead>\n<tbody>\n{body}</tbody>\n</table></div>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_shows_the_columns_that_are_used() {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let rows = [row(["a", "10", "", "x"]), row(["b", "<strong>3</strong>", "", ""])];
        insta::assert_snapshot!(table(&row(["Layout", "Create", "Update", "Result"]), &rows), @r#"
        <div class="scroll"><table>
        <thead>
        <tr><th>Layout</th><th class="number">Create</th><th>Result</th></tr>
        </thead>
        <tbody>
        <tr><td>a</td><td class="number">10</td><td>x</td></tr>
        <tr><td>b</td><td class="number"><strong>3</strong></td><td></td></tr>
        </tbody>
        </table></div>
        "#);
        assert_eq!(table(&rows[0], &[]), "");
    }

    #[test]
    fn nothing_in_a_title_or_a_difference_is_markup() {
        let entry =
            Entry { kind: "update", cells: vec![], title: (MARKS.name)("<a>"), body: difference("+ <b>\n! c\n d") };
        let part = Part { title: (MARKS.name)("</h2>"), notes: vec![], entries: vec![entry] };
        let page = page("<script>", "", &["create", "update"], &[part]);
        for there in [
            "<title>&lt;script&gt;</title>",
            "<h2><code>&lt;/h2&gt;</code></h2>",
            "<summary><span class=\"action update\">update</span> <code>&lt;a&gt;</code></summary>",
            "<pre><span class=\"add\">+ &lt;b&gt;</span>\n<span class=\"change-line\">! c</span>\n d\n</pre></details>",
            "<label><input type=\"checkbox\" value=\"update\" checked> update (1)</label>\n<span",
        ] {
            assert!(page.contains(there), "{there}\n{page}");
        }
        assert_eq!(page.matches("<script").count(), 1);
    }
}
