//! The plans of many layouts for a person at a terminal: what the comment begins with, then each plan.

use super::same::Same;
use super::{Content, Links, Previewed, Rung, availability, exposure, failed, going, guards, table, warnings};
use crate::report::literal::printable;
use crate::report::marks::PLAIN;
use crate::report::table as columns;
use crate::report::text::{self, Schemas};

/// The text; `colour` only where a terminal shows it. Ends with a newline.
pub fn text(all: &[Previewed<'_>], schemas: Schemas<'_>, links: &Links<'_>, colour: bool) -> String {
    let content = Content { all, schemas, links, same: Same::among(all, schemas) };
    let mut out = format!("{}\n", printable(&content.title(str::to_owned)));
    for (title, layouts) in failed::sections(&content, Rung::Full, PLAIN) {
        let lines = |(layout, why): (&str, Vec<String>)| [vec![layout.to_owned()], why].concat().join("\n  ");
        section(&mut out, &title, &layouts.into_iter().map(lines).collect::<Vec<_>>());
    }
    let table = table::table(&content, PLAIN);
    rows(&mut out, &table.columns, &table.rows);
    out.extend(table.idle.map(|words| format!("\n{words}\n")));
    section(&mut out, guards::TITLE, &guards::lines(&content, PLAIN));
    section(&mut out, "Warnings", &warnings::lines(&content, PLAIN));
    let (count, going) = going::rows(&content, PLAIN);
    if count > 0 {
        let lines: Vec<String> = going.iter().map(|row| gone(row)).collect();
        section(&mut out, &going::title(count), &lines);
    }
    section(&mut out, exposure::TITLE, &exposure::lines(&content, Rung::Full, PLAIN));
    section(&mut out, "Availability", &availability::lines(&content, Rung::Full, PLAIN));
    section(&mut out, "The same in several layouts", &content.same.lines(PLAIN));
    for (layout, plan) in content.planned().filter(|(_, plan)| plan.has_changes() || !plan.drift.is_empty()) {
        out.push_str(&format!("\n{}:\n\n{}", printable(layout), text::render(plan, schemas, colour)));
    }
    out
}

/// A list under a title; nothing for an empty one.
fn section(out: &mut String, title: &str, entries: &[String]) {
    if entries.is_empty() {
        return;
    }
    out.push_str(&format!("\n{title}:\n"));
    for line in entries.iter().flat_map(|entry| entry.lines()) {
        out.push_str(&format!("  {}\n", printable(line)));
    }
}

fn rows(out: &mut String, titles: &[String], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| printable(cell)).collect()).collect();
    out.push_str(&format!("\n{}", columns::render(&titles, &rows)));
}

/// A row of what goes, as one line.
fn gone(row: &[String]) -> String {
    let [what, object, layouts, why] = row else { return row.join(" ") };
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    format!("{what} {object}, in {layouts}{why}")
}
