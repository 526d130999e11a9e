//! The table: a row for each layout in which something changes or changed.

use super::page::Page;
use super::{Content, Previewed};
use crate::plan::change::{OutputChange, Plan};
use crate::report::markdown::marks::code;
use crate::report::marks::{counted, first};
use crate::report::text::drifted;
use std::collections::BTreeSet;

/// The columns of numbers. One in which all are zero is left out.
const NUMBERS: [&str; 10] = [
    "Create",
    "Update",
    "**Replace**",
    "Destroy",
    "Forget",
    "Import",
    "Move",
    "Outputs",
    "Services interrupted",
    "Earlier drift",
];
const REPLACE: usize = 2;

/// The numbers of a layout.
struct Row<'a> {
    one: &'a Previewed<'a>,
    numbers: [usize; NUMBERS.len()],
}

pub fn write(page: &mut Page, content: &Content<'_, '_>) -> Option<()> {
    let planned = content.all.iter().filter_map(|one| Some((one, one.outcome.ok()?)));
    let rows: Vec<Row<'_>> = planned.map(|(one, plan)| Row { one, numbers: numbers(plan, content) }).collect();
    let (idle, rows): (Vec<Row<'_>>, Vec<Row<'_>>) = rows.into_iter().partition(|r| r.numbers.iter().all(|n| *n == 0));
    let mut sums = [0; NUMBERS.len()];
    rows.iter().for_each(|row| row.numbers.iter().zip(&mut sums).for_each(|(n, sum)| *sum += n));
    let used: Vec<usize> = (0..NUMBERS.len()).filter(|&i| sums[i] > 0).collect();
    let placed = rows.iter().any(|row| !row.one.places.is_empty());
    let columns =
        ["Layout"].into_iter().chain(used.iter().map(|&i| NUMBERS[i])).chain(placed.then_some("Account/region"));
    let columns: Vec<&str> = columns.collect();
    let line = |name: String, numbers: &[usize], place: String| -> Vec<String> {
        let cells = used.iter().map(|&i| cell(i, numbers[i]));
        [name].into_iter().chain(cells).chain(placed.then_some(place)).collect()
    };
    let mut lines: Vec<Vec<String>> =
        rows.iter().map(|row| line(code(row.one.layout), &row.numbers, places(row.one.places))).collect();
    if lines.len() > 1 {
        lines.push(line("**Total**".into(), &sums, String::new()));
    }
    page.table("", &columns, lines)?;
    match (idle.len(), content.all.len()) {
        (0, _) => Some(()),
        (idle, all) if idle == all => page.add(&format!("\nNothing changes in {}.\n", counted(idle, "layout"))),
        (idle, _) => page.add(&format!("\nNothing changes in {} more.\n", counted(idle, "layout"))),
    }
}

fn cell(column: usize, number: usize) -> String {
    match number {
        0 => String::new(),
        n if column == REPLACE => format!("**{n}**"),
        n => n.to_string(),
    }
}

fn numbers(plan: &Plan, content: &Content<'_, '_>) -> [usize; NUMBERS.len()] {
    let s = plan.summary();
    let outputs = plan.outputs.iter().filter(|o| OutputChange::changes(o)).count();
    let interrupted: BTreeSet<&str> = plan.promise.losses.iter().map(|loss| loss.service.as_str()).collect();
    let drift = drifted(plan, content.schemas);
    [s.create, s.update, s.replace, s.delete, s.forget, s.import, s.moved, outputs, interrupted.len(), drift]
}

fn places(all: &[(String, String)]) -> String {
    let all: BTreeSet<String> = all.iter().map(|(account, region)| code(&format!("{account}/{region}"))).collect();
    first(all, 3).join(", ")
}
