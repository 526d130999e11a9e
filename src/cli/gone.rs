//! Layouts that the change of `--changed-since` deletes: which of them leave objects that nothing manages.

use super::args::{Global, VariableArgument};
use super::fleet::{self, Selection};
use super::ui::Ui;
use super::{elsewhere, input};
use crate::diag::{Diagnostic, Diagnostics};
use crate::fleet::deleted::{self, Change, Deleted};
use crate::fleet::find::{Found, name_of};
use crate::report::counted;
use crate::session::Layout;
use std::path::Path;

/// The layouts of a run, those first that were deleted and may have left objects.
pub(super) fn with_deleted(
    all: Result<Found, Diagnostics>,
    selection: &Selection,
    (typed, global): (&[VariableArgument], &Global),
    ui: &Ui,
) -> Result<Found, Diagnostics> {
    let Some(reference) = &selection.which.changed_since else { return all };
    // The first of several parts names them for all.
    if selection.part()?.is_some_and(|part| part.place().0 > 1) {
        return all;
    }
    let everywhere = selection.which.all || selection.layouts.is_empty();
    let change = match deleted::since(reference, &|dir| name_of(&selection.layouts, everywhere, dir)) {
        Ok(change) => change,
        Err(problem) => return all.and(Err(problem.into())),
    };
    let mut found = match all {
        // The last layout was deleted.
        Err(why) if !change.deleted.is_empty() && why.iter().all(|d| d.code == "no-layouts") => Found::default(),
        all => all?,
    };
    let gone = Gone { change: &change, reference, typed, global, ui: ui.of_many(false) };
    let left = change.deleted.iter().filter_map(|one| Some((one.dir.clone(), gone.look(one)?)));
    found.begin_with(left.collect());
    Ok(found)
}

/// Prints the warnings about layouts that were deleted, and leaves these layouts out.
pub(super) fn without_warnings(mut found: Found, ui: &Ui) -> Found {
    let Found { layouts, lost, .. } = &mut found;
    layouts.retain(|dir| match lost.get(dir) {
        Some(why) if !why.is_error() => {
            fleet::report(dir, &why.clone().into(), ui);
            false
        }
        _ => true,
    });
    found
}

/// The layouts that a change deletes, and with what their states are read.
struct Gone<'a> {
    change: &'a Change,
    reference: &'a str,
    typed: &'a [VariableArgument],
    global: &'a Global,
    ui: Ui,
}

impl Gone<'_> {
    /// An error for a layout whose objects are left, a warning for one that may have some.
    fn look(&self, one: &Deleted) -> Option<Diagnostic> {
        match self.held(one) {
            Ok((_, 0)) => None,
            Ok((place, objects)) => {
                let mut present = self.change.present.iter();
                let is_kept = present.any(|dir| self.place(dir).is_some_and(|other| same(&other, &place)));
                (!is_kept).then(|| self.left(one, &place, objects))
            }
            Err(why) => {
                let is_moved = one.moved_to.is_some() || self.has_its_name(one);
                (!is_moved).then(|| self.unknown(&why))
            }
        }
    }

    /// The place of its state, and how many objects the state holds; else why that is not known.
    fn held(&self, one: &Deleted) -> Result<(String, usize), String> {
        let layout = one.layout.as_ref().ok_or("Its earlier files cannot be read")?;
        let held = || {
            let backend = elsewhere::backend(layout, self.global, &self.ui)?;
            let (exists, loaded) = (backend.holds_state()?, backend.read()?);
            let unserved = loaded.terraform.map_or(0, |terraform| terraform.unserved.len());
            let objects = loaded.state.objects().count() + unserved;
            Ok((backend.place(), exists, objects, loaded.open.len()))
        };
        let (place, exists, objects, open) = held().map_err(|problems: Diagnostics| {
            let first = problems.iter().find(|d| d.is_error());
            first.map(|d| d.summary.trim_end_matches('.').to_owned()).unwrap_or_default()
        })?;
        let is_remote = self.global.state.is_none() && elsewhere::is_remote(layout);
        match objects {
            0 if open > 0 => Err(format!("A run that used {place} was cut off")),
            // The machine of another person may have it.
            0 if !exists && !is_remote => Err(format!("{place} is not on this machine")),
            _ => Ok((place, objects)),
        }
    }

    /// The place of the state of a layout that is there.
    fn place(&self, dir: &Path) -> Option<String> {
        Some(elsewhere::backend(&self.present(dir)?, self.global, &self.ui).ok()?.place())
    }

    fn present(&self, dir: &Path) -> Option<Layout> {
        input::layout(dir, self.typed, &self.ui).ok()
    }

    fn has_its_name(&self, one: &Deleted) -> bool {
        let name = one.layout.as_ref().and_then(Layout::given_name);
        let mut present = self.change.present.iter().filter_map(|dir| self.present(dir)?.given_name());
        name.is_some_and(|name| present.any(|other| other == name))
    }

    fn left(&self, one: &Deleted, place: &str, objects: usize) -> Diagnostic {
        let d =
            Diagnostic::error(format!("The layout was deleted, and its state holds {}", counted(objects, "object")))
                .code("layout-deleted");
        let stay = format!("The objects stay where they are, and nothing manages them. Their state is {place}.");
        match &one.moved_to {
            Some(_) => d
                .detail(format!("{stay} The layout that has its files now has another state."))
                .hint("Keep the name and the place of the state that the layout had, or move the state."),
            None => d
                .detail(stay)
                .hint(format!("Run `floorplan destroy` with the layout of {} first.", self.reference))
                .hint("`floorplan state rm` forgets objects that are to stay."),
        }
    }

    fn unknown(&self, why: &str) -> Diagnostic {
        Diagnostic::warning("The layout was deleted, and its state is not known")
            .code("layout-deleted")
            .detail(format!("Objects that it has stay where they are, and nothing manages them. {why}."))
            .hint(format!("If there are any, run `floorplan destroy` with the layout of {} first.", self.reference))
    }
}

/// Whether two names of a place are one: a path may lead out of a directory and back.
fn same(one: &str, other: &str) -> bool {
    let plain = |place: &str| crate::lang::config::join(place, "");
    one == other || plain(one) == plain(other)
}
