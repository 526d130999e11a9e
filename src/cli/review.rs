//! The way of a plan from review to apply: the seal and the file that `plan` and `preview` give a reviewer, and what
//! `apply` holds them against.

use super::args::VariableArgument;
use super::post::variable;
use super::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics};
use crate::forge;
use crate::plan::{Plan, PlanMeta, basis, file, stale};
use crate::report::json::{self, events};
use crate::session::Layout;
use crate::session::reviewed::{self, Repository};
use crate::sources::disk;
use crate::state::{Backend, Loaded};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The folder that layouts are kept in; plan files are named from there on.
const LAYOUTS: &str = "layouts";

/// What the plans of a run are bound to, besides what they were made from.
pub(super) struct Review<'a> {
    repository: Option<Repository>,
    typed: &'a [VariableArgument],
}

impl<'a> Review<'a> {
    /// Of layouts in a directory; `since` is the commit that they are compared with.
    pub(super) fn of(dir: &Path, since: Option<&str>, typed: &'a [VariableArgument]) -> Self {
        let event = forge::event(&variable).ok().flatten();
        let head = forge::head(&variable, event.as_ref());
        let bases = since.map(str::to_owned).into_iter().chain(forge::bases(&variable, event.as_ref()));
        let repository = Repository::around(dir, head.as_deref(), &bases.collect::<Vec<_>>());
        Review { repository, typed }
    }

    /// Binds a plan, and gives it its seal.
    pub(super) fn bind(&self, plan: &mut Plan, layout: &Layout) -> Result<(), Diagnostics> {
        let repository = self.repository.as_ref();
        let within = |file: &Path| reviewed::within(&layout.dir, file, repository);
        let values = super::input::sources(layout, self.typed, &within);
        reviewed::bind(plan, layout, values, repository)
    }
}

/// Writes a plan file.
pub(super) fn save(plan: &Plan, layout: &Layout, backend: &Backend, path: &Path) -> Result<(), Diagnostics> {
    let configuration = json::configuration::build(&layout.loaded.root, &super::plan::schema);
    let seal = backend.sealer().of_plan(&plan.meta);
    let bytes = file::write(&file::Saved { plan: plan.clone(), configuration }, &seal)?;
    Ok(disk::write_private(path, &bytes).map_err(|e| unwritable(path, &e))?)
}

fn unwritable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(format!("Cannot write the plan to {}", path.display()))
        .code("unwritable-file")
        .detail(format!("{why}."))
}

/// A folder of plan files, one for each layout that has something to carry out.
pub(super) struct Folder<'a> {
    pub(super) path: &'a Path,
    pub(super) review: Review<'a>,
}

impl Folder<'_> {
    /// Saves the plan of a layout, and gives the plan its seal; where the file is. A plan that changes nothing or must not
    /// be carried out is not saved, and one that an earlier run saved of the layout is removed.
    pub(super) fn keep(
        &self,
        dir: &Path,
        of: Option<(&Layout, &Backend)>,
        outcome: &mut Result<Plan, Diagnostics>,
    ) -> Option<PathBuf> {
        let kept = match (outcome.as_mut(), of) {
            (Ok(plan), Some(of)) if plan.has_changes() && !plan.refusals().has_errors() => self.save(dir, of, plan),
            _ => self.clear(dir).map(|()| None),
        };
        kept.unwrap_or_else(|problems| {
            match outcome {
                Ok(_) => *outcome = Err(problems),
                Err(own) => own.extend(problems),
            }
            None
        })
    }

    fn save(
        &self,
        dir: &Path,
        (layout, backend): (&Layout, &Backend),
        plan: &mut Plan,
    ) -> Result<Option<PathBuf>, Diagnostics> {
        let path = self.path.join(name(dir));
        self.review.bind(plan, layout)?;
        let folder = path.parent().unwrap_or(self.path);
        fs::create_dir_all(folder).map_err(|e| unwritable(&path, &e.to_string()))?;
        save(plan, layout, backend, &path)?;
        Ok(Some(path))
    }

    /// Removes the plan of a layout that an earlier run saved.
    fn clear(&self, layout: &Path) -> Result<(), Diagnostics> {
        let path = self.path.join(name(layout));
        match disk::read_named(&path) {
            Ok(bytes) if file::is_plan_file(&bytes) => {
                fs::remove_file(&path).map_err(|e| unwritable(&path, &e.to_string()))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Where the plans are, in a sentence.
    pub(super) fn said(&self, saved: &[PathBuf]) -> String {
        match saved {
            [] => format!("Saved no plans to {}: no layout has a plan to carry out.", self.path.display()),
            [one] => format!("Saved the plan to {0}. To carry out exactly this: floorplan apply {0}", one.display()),
            [first, ..] => format!(
                "Saved {} plans to {}. To carry out exactly one of them: floorplan apply {}",
                saved.len(),
                self.path.display(),
                first.display()
            ),
        }
    }
}

/// The name of the plan file of a layout: its directory, from `layouts` on.
fn name(layout: &Path) -> PathBuf {
    let whole = match layout.components().any(|part| matches!(part, Component::Normal(_))) {
        true => layout.to_owned(),
        false => fs::canonicalize(layout).unwrap_or_else(|_| layout.to_owned()),
    };
    let parts = whole.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        _ => None,
    });
    let parts: Vec<_> = parts.collect();
    let within =
        parts.iter().position(|part| part == LAYOUTS).map(|at| &parts[at + 1..]).filter(|rest| !rest.is_empty());
    let own = match within {
        Some(rest) => rest.iter().collect(),
        // A path that leads elsewhere is known by its last part.
        None if whole.is_absolute() => parts.last().map(PathBuf::from).unwrap_or_default(),
        None => parts.iter().collect::<PathBuf>(),
    };
    let mut own = own.into_os_string();
    own.push(".plan");
    own.into()
}

/// Layouts of a run whose plan files would have one name.
pub(super) fn distinct(layouts: &[PathBuf]) -> Result<(), Diagnostic> {
    let mut names = BTreeMap::new();
    let clash = layouts.iter().find_map(|one| Some((one, names.insert(name(one), one)?)));
    match clash {
        None => Ok(()),
        Some((one, other)) => Err(Diagnostic::error("Two plan files would have one name")
            .code("usage")
            .detail(format!("{} and {} are both saved as {}.", other.display(), one.display(), name(one).display()))
            .hint("Preview them in two runs, into two folders.")),
    }
}

/// Refuses a saved plan that no longer fits, and says where it comes from if that is elsewhere.
pub(super) fn fits(
    plan: &Plan,
    layout: &Layout,
    (backend, loaded): (&Backend, &Loaded),
    typed: &[VariableArgument],
    ui: &Ui,
) -> Result<(), Diagnostics> {
    let event = forge::event(&variable).ok().flatten();
    let head = forge::head(&variable, event.as_ref());
    let variables = super::input::given_otherwise(layout, &plan.meta, typed);
    let now = reviewed::present(plan, layout, (backend, loaded), variables, head.as_deref());
    stale::fits(plan, &now).into_result(())?;
    if let Some((commit, now)) = plan.meta.basis.commit.as_ref().zip(now.commit).filter(|(c, now)| c.head != *now) {
        let (was, is) = (basis::short(&commit.head), basis::short(&now));
        ui.status(&format!(
            "The plan was made at commit {was}. The checkout is at {is}, where its files are the same."
        ));
    }
    let own = env!("CARGO_PKG_VERSION");
    let by = &plan.meta.basis.version;
    if by != own {
        ui.status(&format!("The plan was made by Floorplan {by}; this is Floorplan {own}."));
    }
    Ok(())
}

/// Prints the seal of the plan that is about to be carried out.
pub(super) fn announce(plan: &PlanMeta, ui: &Ui) {
    match ui.stream {
        true => ui.event(events::seal(plan)),
        false => ui.status(&format!("Seal: {}", plan.seal)),
    }
}

/// Refuses a plan that has another seal than the one that was reviewed.
pub(super) fn same_seal(plan: &PlanMeta, wanted: Option<&str>) -> Result<(), Diagnostic> {
    match wanted.filter(|wanted| **wanted != plan.seal) {
        None => Ok(()),
        Some(wanted) => Err(Diagnostic::error("The plan is not the one that was reviewed")
            .code("plan-seal")
            .detail(format!("Its seal is {}, not {wanted}. Nothing was changed.", plan.seal))
            .hint("Look at this plan with `floorplan show FILE` or `floorplan plan`, and have it reviewed.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_file_is_named_after_its_layout() {
        let named = |layout: &str| name(Path::new(layout)).to_string_lossy().into_owned();
        assert_eq!(named("layouts/acme"), "acme.plan");
        assert_eq!(named("./layouts/eu/acme/"), "eu/acme.plan");
        assert_eq!(named("/srv/net/layouts/acme"), "acme.plan");
        assert_eq!(named("clients/acme"), "clients/acme.plan");
        assert_eq!(named("../acme.v2"), "acme.v2.plan");
        assert_eq!(named("/srv/acme"), "acme.plan");
        assert_eq!(named("layouts"), "layouts.plan");
    }

    #[test]
    fn two_layouts_never_share_a_plan_file() {
        let of = |all: &[&str]| distinct(&all.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert!(of(&["layouts/a", "layouts/b", "layouts/eu/a"]).is_ok());
        assert!(of(&["layouts/a", "a"]).unwrap_err().detail.contains("layouts/a and a are both saved as a.plan"));
    }
}
