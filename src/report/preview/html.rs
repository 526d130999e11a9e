//! The plans of many layouts as a page: all that the comment has, and every difference.

use super::folds::within;
use super::same::Same;
use super::{Content, Links, Previewed, Rung, availability, exposure, failed, going, guards, table, warnings};
use crate::plan::change::{Action, Change, Plan};
use crate::report::html::{self, Entry, MARKS, Part};
use crate::report::markdown::marks::{address_of, html as escaped};
use crate::report::text::{self, Schemas, is_visible};

/// The kinds of entries, in the order of the filter.
const KINDS: [&str; 10] =
    ["create", "update", "replace", "destroy", "forget", "import", "move", "read", "outputs", "drift"];

/// The page.
pub fn render(all: &[Previewed<'_>], schemas: Schemas<'_>, links: &Links<'_>) -> String {
    let content = Content { all, schemas, links, same: Same::among(all, schemas) };
    let parts: Vec<Part> = content.planned().map(|(layout, plan)| part(&content, layout, plan)).collect();
    html::page(&content.title(str::to_owned), &summary(&content), &KINDS, &parts)
}

fn summary(content: &Content<'_, '_>) -> String {
    let mut out = String::new();
    for (title, layouts) in failed::sections(content, Rung::Full, MARKS) {
        let lines = layouts.iter().map(|(layout, lines)| format!("{}{}", (MARKS.name)(layout), html::list(lines)));
        out.push_str(&html::alarm(&title, &lines.collect::<Vec<_>>()));
    }
    let table = table::table(content, MARKS);
    out.push_str(&html::table(&table.columns, &table.rows));
    out.extend(table.idle.map(|words| format!("<p class=\"quiet\">{words}</p>\n")));
    out.push_str(&html::section(guards::TITLE, &guards::lines(content, MARKS)));
    out.push_str(&html::section("Warnings", &warnings::lines(content, MARKS)));
    let (count, going) = going::rows(content, MARKS);
    if count > 0 {
        out.push_str(&format!("<h2>{}</h2>\n", going::title(count)));
        out.push_str(&html::table(&going::COLUMNS.map(str::to_owned), &going));
    }
    out.push_str(&html::section(exposure::TITLE, &exposure::lines(content, Rung::Full, MARKS)));
    out.push_str(&html::section("Availability", &availability::lines(content, Rung::Full, MARKS)));
    out.push_str(&html::section("The same in several layouts", &content.same.lines(MARKS)));
    out
}

fn part(content: &Content<'_, '_>, layout: &str, plan: &Plan) -> Part {
    let notes = [text::summary(plan)].into_iter().chain(text::origin(plan));
    Part {
        title: (MARKS.name)(layout),
        notes: notes.map(|line| (MARKS.words)(&line)).collect(),
        entries: entries(content, layout, plan),
    }
}

fn entries(content: &Content<'_, '_>, layout: &str, plan: &Plan) -> Vec<Entry> {
    let schemas = content.schemas;
    let visible = plan.changes.iter().filter(|c| is_visible(c));
    let changes = visible.map(|c| (kind(c), title(content, layout, c), text::object_diff(c, schemas)));
    let drift = ("drift", "Changed outside the layout".to_owned(), text::drift_diff(plan, schemas));
    let outputs = ("outputs", "Outputs".to_owned(), text::outputs_diff(plan));
    let all = [drift].into_iter().chain(changes).chain([outputs]).filter(|(.., difference)| !difference.is_empty());
    let entry = |(kind, title, difference): (_, _, String)| Entry {
        kind,
        cells: Vec::new(),
        title,
        body: html::difference(&difference),
    };
    all.map(entry).collect()
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
        Some(base) => format!("{words}, <a href=\"{}\">{at}</a>", escaped(&address_of(base, &file, line))),
        None => format!("{words}, {at}"),
    }
}
