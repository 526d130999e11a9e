//! The plans of many layouts as one comment on a pull request: what a reviewer has to know first, the details
//! folded away. It is never longer than its limit: a ladder of forms leaves out the least important first. Other forms of
//! the same are for a terminal, a browser, programs, code scanning and test services.

mod availability;
mod exposure;
mod failed;
mod folds;
mod going;
mod guards;
pub mod html;
mod json;
mod junit;
mod page;
mod same;
mod sarif;
mod table;
mod terminal;
mod warnings;

pub use json::{FORMAT, json};
pub use junit::junit;
pub use sarif::sarif;
pub use terminal::text;

use crate::diag::Diagnostics;
use crate::plan::change::{Change, Plan, Summary};
use crate::report::markdown::marks::{code, prose};
use crate::report::marks::counted;
use crate::report::text::{self as words, Schemas};
use crate::value::address::Address;
use page::Page;
use same::Same;

/// One layout of a preview.
#[derive(Clone, Copy)]
pub struct Previewed<'a> {
    /// Its directory, as people type it.
    pub layout: &'a str,
    /// Where its objects are: account and region of each provider configuration.
    pub places: &'a [(String, String)],
    /// Its plan, or why there is none.
    pub outcome: Result<&'a Plan, &'a Diagnostics>,
    /// A file of it, for what no block stands for; its directory, where none is known.
    pub file: &'a str,
}

impl Previewed<'_> {
    /// Whether it is a layout no longer: then the outcome says what it leaves.
    pub fn is_deleted(&self) -> bool {
        self.outcome.is_err_and(|why| why.iter().any(|d| d.code == DELETED))
    }

    /// Why the layout does not allow its plan; empty where it does, or where there is none.
    pub fn forbidden(&self) -> Diagnostics {
        self.outcome.map(Plan::refusals).unwrap_or_default()
    }
}

/// The code of what a deleted layout leaves.
const DELETED: &str = "layout-deleted";

/// Says at which file and line the block of an object of a layout begins.
pub type Place<'a> = &'a dyn Fn(&str, &Address) -> Option<(String, usize)>;

/// Where the lines of the layouts are shown.
#[derive(Clone, Copy)]
pub struct Links<'a> {
    /// The address that files are below, such as `https://github.com/o/r/blob/SHA`; without it lines are only named.
    pub base: Option<&'a str>,
    /// The place of an object's block, the file as it is called below `base`.
    pub place: Place<'a>,
    /// The name of a file below `base`, of its name as a person types it.
    pub file: &'a dyn Fn(&str) -> String,
}

/// The forms of a preview, from the longest to the shortest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// Everything.
    Full,
    /// Only the differences that are small.
    Small,
    /// No differences, and of long lists only the beginning.
    Titles,
    /// The layouts that did not plan, and the table.
    Table,
    /// One line: it is too long for anything else.
    Line,
}

/// A preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Its text, in markdown.
    pub text: String,
    /// The form that fits.
    pub rung: Rung,
}

impl Preview {
    /// The preview where no layout is planned, for this reason.
    pub fn of_none(why: &str) -> Self {
        Preview { text: format!("### Floorplan: no layouts\n\n{}.\n", prose(why)), rung: Rung::Full }
    }
}

/// The longest form that has at most `limit` characters.
pub fn render(all: &[Previewed<'_>], schemas: Schemas<'_>, links: &Links<'_>, limit: usize) -> Preview {
    let content = Content { all, schemas, links, same: Same::among(all, schemas) };
    for rung in [Rung::Full, Rung::Small, Rung::Titles, Rung::Table] {
        let mut page = Page::new(limit);
        if content.write(&mut page, rung).is_some() {
            return Preview { text: page.finish(), rung };
        }
    }
    Preview { text: content.line().chars().take(limit).collect(), rung: Rung::Line }
}

/// The counts of all layouts together.
pub fn total(all: &[Previewed<'_>]) -> Summary {
    let mut sum = Summary::default();
    for plan in all.iter().filter_map(|one| one.outcome.ok()) {
        let s = plan.summary();
        sum.create += s.create;
        sum.update += s.update;
        sum.replace += s.replace;
        sum.delete += s.delete;
        sum.import += s.import;
        sum.moved += s.moved;
        sum.forget += s.forget;
    }
    sum
}

/// All layouts in a few words.
pub fn brief(all: &[Previewed<'_>]) -> String {
    let deleted = all.iter().filter(|one| one.is_deleted()).count();
    let failed = all.iter().filter(|one| one.outcome.is_err()).count() - deleted;
    let said = [(deleted, "deleted"), (failed, "did not plan")].into_iter().filter(|(count, _)| *count > 0);
    let said: String = said.map(|(count, what)| format!("{count} {what}; ")).collect();
    format!("{}: {said}{}", counted(all.len(), "layout"), words::counts(&total(all)))
}

/// All that a preview is written from.
struct Content<'a, 's> {
    all: &'a [Previewed<'a>],
    schemas: Schemas<'s>,
    links: &'a Links<'a>,
    same: Same<'a>,
}

/// Of a list in a short form so many lines are written.
const LINES: usize = 100;

impl<'a> Content<'a, '_> {
    /// The layouts that planned.
    fn planned(&self) -> impl Iterator<Item = (&'a str, &'a Plan)> + use<'a> {
        self.all.iter().filter_map(|one| Some((one.layout, one.outcome.ok()?)))
    }

    /// The changes of all layouts.
    fn changes(&self) -> impl Iterator<Item = (&'a str, &'a Change)> + use<'a> {
        self.planned().flat_map(|(layout, plan)| plan.changes.iter().map(move |change| (layout, change)))
    }

    /// Nothing, if the page is too small.
    fn write(&self, page: &mut Page, rung: Rung) -> Option<()> {
        page.add(&format!("### {}\n", self.title(code)))?;
        failed::write(page, self, rung)?;
        table::write(page, self)?;
        if rung == Rung::Table {
            return page.add("\nThe rest is left out: it is longer than a comment may be.\n");
        }
        page.most = if rung == Rung::Titles { LINES } else { usize::MAX };
        guards::write(page, self)?;
        warnings::write(page, self)?;
        going::write(page, self)?;
        exposure::write(page, self, rung)?;
        availability::write(page, self, rung)?;
        self.same.write(page)?;
        match rung {
            Rung::Full => folds::write(page, self, usize::MAX),
            Rung::Small => folds::write(page, self, folds::SMALL),
            _ => page.add("\nThe details are left out: they are longer than a comment may be.\n"),
        }
    }

    fn title(&self, name: fn(&str) -> String) -> String {
        match self.all {
            [] => "Floorplan: no layouts".into(),
            [one] => format!("Floorplan: {}", name(one.layout)),
            all => format!("Floorplan: {}", counted(all.len(), "layout")),
        }
    }

    fn line(&self) -> String {
        format!(
            "Floorplan: {}. The preview is longer than a comment may be; the log of the run has it.\n",
            brief(self.all)
        )
    }
}

#[cfg(test)]
mod tests;
