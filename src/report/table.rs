//! A table for people, in columns of text.

use super::literal::printable;

/// The rows under their titles; a column in which no row has anything is left out. The first column and the last are
/// of words, those between are of numbers and stand to the right.
pub fn render(titles: &[&str], rows: &[Vec<String>]) -> String {
    let is_used = |at: &usize| rows.iter().any(|row| row.get(*at).is_some_and(|cell| !cell.is_empty()));
    let columns: Vec<usize> = (0..titles.len()).filter(is_used).collect();
    let cell = |row: &[String], at: usize| row.get(at).map(|cell| printable(cell)).unwrap_or_default();
    let width = |at: usize| {
        let cells = rows.iter().map(|row| cell(row, at).chars().count());
        cells.chain([titles[at].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = columns.iter().map(|at| width(*at)).collect();
    let line = |row: &[String]| {
        let mut out = String::new();
        for (at, width) in columns.iter().zip(&widths) {
            let text = cell(row, *at);
            let pad = " ".repeat(width.saturating_sub(text.chars().count()));
            let is_number = *at > 0 && *at + 1 < titles.len();
            let text = if is_number { format!("{pad}{text}") } else { format!("{text}{pad}") };
            out.push_str(&format!("{}{text}", if out.is_empty() { "" } else { "  " }));
        }
        format!("{}\n", out.trim_end())
    };
    let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
    [titles].iter().chain(rows).map(|row| line(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_empty_ones_left_out() {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let rows = [row(["a", "10", "", "changes"]), row(["layouts/long", "3", "", "no changes"])];
        insta::assert_snapshot!(render(&["Layout", "Create", "Update", "Result"], &rows), @r"
        Layout        Create  Result
        a                 10  changes
        layouts/long       3  no changes
        ");
    }
}
