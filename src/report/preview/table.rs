//! The table: a row for each layout in which something changes or changed.

use super::page::Page;
use super::{Content, Previewed};
use crate::plan::change::{OutputChange, Plan};
use crate::report::markdown::marks::MARKS;
use crate::report::marks::{Marks, counted, first};
use crate::report::text::drifted;
use std::collections::BTreeSet;

/// The columns of numbers. One in which all are zero is left out.
const NUMBERS: [&str; 11] = [
    "Create",
    "Update",
    "Replace",
    "Destroy",
    "Forget",
    "Import",
    "Move",
    "Outputs",
    "New exposure",
    "Services interrupted",
    "Earlier drift",
];

/// The names of the numbers for programs.
pub const KEYS: [&str; NUMBERS.len()] = [
    "create",
    "update",
    "replace",
    "destroy",
    "forget",
    "import",
    "move",
    "outputs",
    "exposed",
    "interrupted",
    "drift",
];

/// The column that must not be missed.
const REPLACE: usize = 2;

/// The numbers of a layout.
struct Row<'a> {
    one: &'a Previewed<'a>,
    numbers: [usize; NUMBERS.len()],
}

/// The table as it is shown.
pub struct Table {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The cells of its rows, the sums last.
    pub rows: Vec<Vec<String>>,
    /// The words about the layouts in which nothing changes.
    pub idle: Option<String>,
}

pub fn write(page: &mut Page, content: &Content<'_, '_>) -> Option<()> {
    let table = table(content, MARKS);
    page.table("", &table.columns, table.rows)?;
    table.idle.map_or(Some(()), |words| page.add(&format!("\n{words}\n")))
}

/// Makes the table.
pub fn table(content: &Content<'_, '_>, marks: Marks) -> Table {
    let planned = content.all.iter().filter_map(|one| Some((one, one.outcome.ok()?)));
    let rows: Vec<Row<'_>> = planned.map(|(one, plan)| Row { one, numbers: numbers(plan, content) }).collect();
    let (idle, rows): (Vec<Row<'_>>, Vec<Row<'_>>) = rows.into_iter().partition(|r| r.numbers.iter().all(|n| *n == 0));
    let mut sums = [0; NUMBERS.len()];
    rows.iter().for_each(|row| row.numbers.iter().zip(&mut sums).for_each(|(n, sum)| *sum += n));
    let used: Vec<usize> = (0..NUMBERS.len()).filter(|&i| sums[i] > 0).collect();
    let placed = rows.iter().any(|row| !row.one.places.is_empty());
    let sealed = rows.iter().any(|row| !seal(row.one).is_empty());
    let strong = |column: usize, text: &str| if column == REPLACE { (marks.strong)(text) } else { text.to_owned() };
    let names = used.iter().map(|&i| strong(i, NUMBERS[i]));
    let columns = ["Layout".into()].into_iter().chain(names).chain(placed.then(|| "Account/region".into()));
    let columns = columns.chain(sealed.then(|| "Seal".into()));
    let line = |name: String, numbers: &[usize], place: String, seal: String| -> Vec<String> {
        let cell = |i: usize| if numbers[i] == 0 { String::new() } else { strong(i, &numbers[i].to_string()) };
        let cells = used.iter().map(|&i| cell(i));
        let more = [placed.then_some(place), sealed.then_some(seal)].into_iter().flatten();
        [name].into_iter().chain(cells).chain(more).collect()
    };
    let row = |row: &Row<'_>| {
        let seal = Some(seal(row.one)).filter(|seal| !seal.is_empty()).map(marks.name).unwrap_or_default();
        line((marks.name)(row.one.layout), &row.numbers, places(row.one.places, marks), seal)
    };
    let mut lines: Vec<Vec<String>> = rows.iter().map(row).collect();
    if lines.len() > 1 {
        lines.push(line((marks.strong)("Total"), &sums, String::new(), String::new()));
    }
    let idle = match (idle.len(), content.all.len()) {
        (0, _) => None,
        (idle, all) if idle == all => Some(format!("Nothing changes in {}.", counted(idle, "layout"))),
        (idle, _) => Some(format!("Nothing changes in {}.", counted(idle, "other layout"))),
    };
    Table { columns: columns.collect(), rows: lines, idle }
}

/// The seal of a plan that was saved; else empty.
fn seal<'a>(one: &Previewed<'a>) -> &'a str {
    one.outcome.map_or("", |plan| plan.meta.seal.as_str())
}

/// The numbers of a plan.
pub fn numbers(plan: &Plan, content: &Content<'_, '_>) -> [usize; NUMBERS.len()] {
    let s = plan.summary();
    let outputs = plan.outputs.iter().filter(|o| OutputChange::changes(o)).count();
    let interrupted: BTreeSet<&str> = plan.promise.losses.iter().map(|loss| loss.service.as_str()).collect();
    let drift = drifted(plan, content.schemas);
    let exposed = plan.exposure.opened().count();
    [s.create, s.update, s.replace, s.delete, s.forget, s.import, s.moved, outputs, exposed, interrupted.len(), drift]
}

fn places(all: &[(String, String)], marks: Marks) -> String {
    let all: BTreeSet<String> =
        all.iter().map(|(account, region)| (marks.name)(&format!("{account}/{region}"))).collect();
    first(all, 3).join(", ")
}
