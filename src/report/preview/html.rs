//! The plans of many layouts as one page in HTML that needs nothing else: all that the comment has, every difference,
//! and a search. The page may run its own script and no other, whatever a value says.

use super::folds::within;
use super::same::Same;
use super::{Content, Links, Previewed, Rung, availability, failed, going, table, warnings};
use crate::plan::change::{Action, Change, Plan};
use crate::report::markdown::marks::{address_of, html};
use crate::report::marks::{Marks, beginning, counted};
use crate::report::text::{self, Schemas, is_visible};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// How sentences are written in HTML.
const MARKS: Marks = Marks {
    name: |text| format!("<code>{}</code>", html(text)),
    words: |text| html(&beginning(text, 4_000)),
    strong: |text| format!("<strong>{}</strong>", html(text)),
    most: 50,
};

/// The kinds of entries, in the order of the filter.
const KINDS: [&str; 10] =
    ["create", "update", "replace", "destroy", "forget", "import", "move", "read", "outputs", "drift"];

/// The page.
pub fn render(all: &[Previewed<'_>], schemas: Schemas<'_>, links: &Links<'_>) -> String {
    let content = Content { all, schemas, links, same: Same::among(all, schemas) };
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let title = match all {
        [one] => format!("Floorplan: {}", html(one.layout)),
        all => format!("Floorplan: {}", counted(all.len(), "layout")),
    };
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    let entries: Vec<(&str, &Plan, Vec<Entry>)> =
        content.planned().map(|(layout, plan)| (layout, plan, entries(&content, layout, plan))).collect();
    summary(&mut out, &content);
    filter(&mut out, &entries);
    for (layout, plan, entries) in entries.iter().filter(|(.., entries)| !entries.is_empty()) {
        out.push_str(&format!(
            "<section class=\"layout\">\n<h2>{}</h2>\n<p>{}</p>\n",
            (MARKS.name)(layout),
            (MARKS.words)(&text::summary(plan))
        ));
        out.extend(text::origin(plan).map(|line| format!("<p>{}</p>\n", (MARKS.words)(&line))));
        entries.iter().for_each(|entry| entry.write(&mut out));
        out.push_str("</section>\n");
    }
    out.push_str(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    out
}

fn summary(out: &mut String, content: &Content<'_, '_>) {
    let failed: Vec<String> = failed::each(content, Rung::Full, MARKS)
        .map(|(layout, lines)| format!("{}{}", (MARKS.name)(layout), list(&lines)))
        .collect();
    if !failed.is_empty() {
        let title = failed::title(failed.len());
        out.push_str(&format!("<div class=\"failed\">\n<h2>{title}</h2>\n{}</div>\n", list(&failed)));
    }
    let table = table::table(content, MARKS);
    rows(out, &table.columns, &table.rows);
    out.extend(table.idle.map(|words| format!("<p class=\"quiet\">{words}</p>\n")));
    section(out, "Warnings", &warnings::lines(content, MARKS));
    let (count, going) = going::rows(content, MARKS);
    if count > 0 {
        out.push_str(&format!("<h2>{}</h2>\n", going::title(count)));
        rows(out, &going::COLUMNS.map(str::to_owned), &going);
    }
    section(out, "Availability", &availability::lines(content, Rung::Full, MARKS));
    section(out, "The same in several layouts", &content.same.lines(MARKS));
}

fn list(lines: &[String]) -> String {
    let items: String = lines.iter().map(|line| format!("<li>{line}</li>\n")).collect();
    format!("<ul>\n{items}</ul>\n")
}

fn section(out: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        out.push_str(&format!("<h2>{title}</h2>\n{}", list(lines)));
    }
}

fn rows(out: &mut String, columns: &[String], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let row = |cells: &[String], tag: &str| -> String {
        let cells: String = cells.iter().map(|cell| format!("<{tag}>{cell}</{tag}>")).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let body: String = rows.iter().map(|cells| row(cells, "td")).collect();
    out.push_str(&format!(
        "<div class=\"scroll\"><table>\n<thead>\n{}</thead>\n<tbody>\n{body}</tbody>\n</table></div>\n",
        row(columns, "th")
    ));
}

/// The search and a box for each kind that there is. Without the script it stays hidden.
fn filter(out: &mut String, entries: &[(&str, &Plan, Vec<Entry>)]) {
    out.push_str("<nav hidden>\n<input type=\"search\" id=\"search\" placeholder=\"Search\" aria-label=\"Search\">\n");
    for kind in KINDS {
        let count = entries.iter().flat_map(|(.., all)| all).filter(|entry| entry.kind == kind).count();
        if count > 0 {
            let name = format!("<input type=\"checkbox\" value=\"{kind}\" checked> {kind} ({count})");
            out.push_str(&format!("<label>{name}</label>\n"));
        }
    }
    out.push_str(
        "<button type=\"button\" id=\"open\">Open all</button>\n<button type=\"button\" id=\"fold\">Fold all</button>\n\
         <span id=\"found\" class=\"quiet\" role=\"status\"></span>\n</nav>\n",
    );
}

/// A difference that can be folded.
struct Entry {
    kind: &'static str,
    title: String,
    difference: String,
}

impl Entry {
    fn write(&self, out: &mut String) {
        let Entry { kind, title, difference } = self;
        out.push_str(&format!(
            "<details class=\"change\" data-action=\"{kind}\"><summary><span class=\"action {kind}\">{kind}</span> \
             {title}</summary><pre>"
        ));
        for line in difference.lines() {
            let text = html(line);
            out.push_str(&match line.chars().next() {
                Some('+') => format!("<span class=\"add\">{text}</span>\n"),
                Some('-') => format!("<span class=\"remove\">{text}</span>\n"),
                Some('!') => format!("<span class=\"change-line\">{text}</span>\n"),
                _ => format!("{text}\n"),
            });
        }
        out.push_str("</pre></details>\n");
    }
}

fn entries(content: &Content<'_, '_>, layout: &str, plan: &Plan) -> Vec<Entry> {
    let schemas = content.schemas;
    let whole = |kind, title: &str, difference: String| Entry { kind, title: title.into(), difference };
    let mut all = vec![whole("drift", "Changed outside the layout", text::drift_diff(plan, schemas))];
    all.extend(plan.changes.iter().filter(|c| is_visible(c)).map(|change| Entry {
        kind: kind(change),
        title: title(content, layout, change),
        difference: text::object_diff(change, schemas),
    }));
    all.push(whole("outputs", "Outputs", text::outputs_diff(plan)));
    all.retain(|entry| !entry.difference.is_empty());
    all
}

fn kind(change: &Change) -> &'static str {
    match change.action {
        Action::Create => "create",
        Action::Update => "update",
        Action::DeleteThenCreate | Action::CreateThenDelete => "replace",
        Action::Delete => "destroy",
        Action::Forget => "forget",
        Action::Read => "read",
        Action::NoOp if change.importing.is_some() => "import",
        Action::NoOp => "move",
    }
}

fn title(content: &Content<'_, '_>, layout: &str, change: &Change) -> String {
    let (mut words, reasons) = text::marked_heading(change, MARKS);
    if !reasons.is_empty() {
        words.push_str(&format!(" ({})", reasons.join("; ")));
    }
    let Some((file, line)) = (content.links.place)(layout, &change.address) else { return words };
    let at = (MARKS.name)(&format!("{}:{line}", within(layout, &file)));
    match content.links.base {
        Some(base) => format!("{words}, <a href=\"{}\">{at}</a>", html(&address_of(base, &file, line))),
        None => format!("{words}, {at}"),
    }
}
