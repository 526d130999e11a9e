//! `plan --generate-config-out`: writes resource blocks for `import` blocks whose resource the layout does not have.

use super::args::{Global, VariableArgs, VariableArgument};
use super::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::blocks::{self, Taken};
use crate::session::{self, World};
use std::path::Path;

/// Writes the file. The plan that follows reads it as a part of the layout.
pub(super) fn run(
    (dir, path): (&Path, &Path),
    (variables, typed): (&VariableArgs, &[VariableArgument]),
    global: &Global,
    ui: &Ui,
) -> Result<(), Diagnostics> {
    usable(dir, path)?;
    let layout = super::input::layout(dir, typed, ui)?;
    let variables = super::input::values(&layout, variables, typed, ui)?;
    let state = super::elsewhere::backend(&layout, global, ui)?.read()?.state;
    let world = World::new(&layout.dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let text = super::runtime()?.block_on(async {
        let scopes = world.evaluator(&layout.loaded.root, variables, &functions);
        let connections = super::sandbox::connect(&layout, &state, &scopes, global, false, ui).await?;
        let found = session::without_blocks(&layout, &scopes, &state, &connections).await?;
        let taken: Vec<Taken<'_>> = found
            .iter()
            .filter_map(|one| {
                let own = connections.facts.get(&one.provider).map(|facts| facts.region.as_str());
                Some(Taken {
                    address: &one.address,
                    schema: super::plan::schema(one.address.resource.mode, &one.address.resource.type_name)?,
                    attrs: &one.attrs,
                    provider: Some(one.provider.as_str()),
                    region: one.region.as_deref().filter(|region| Some(*region) != own),
                    names: &|_| None,
                })
            })
            .collect();
        Ok::<_, Diagnostics>((!taken.is_empty()).then(|| (blocks::file(&taken), taken.len())))
    })?;
    let Some((text, count)) = text else {
        ui.status("Every import block has its resource block: no file was written.");
        return Ok(());
    };
    std::fs::write(path, text).map_err(|e| {
        Diagnostic::error(format!("Cannot write {}", path.display())).code("unwritable-file").detail(format!("{e}."))
    })?;
    let blocks = if count == 1 { "resource block" } else { "resource blocks" };
    ui.status(&format!("Wrote {count} {blocks} to {}.", path.display()));
    Ok(())
}

/// The file must be new, and one that the layout reads.
fn usable(dir: &Path, path: &Path) -> Result<(), Diagnostic> {
    let refused = |detail: &str| {
        Diagnostic::error(format!("Blocks cannot be written to {}", path.display()))
            .code("usage")
            .detail(detail)
            .hint("Name a new file in the layout's directory, such as --generate-config-out=generated.tf.")
    };
    if path.exists() {
        return Err(refused("The file is there already."));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.canonicalize().ok() != dir.canonicalize().ok() {
        return Err(refused("It is not in the layout's directory."));
    }
    let ours = path.extension().is_some_and(|e| e == "tf" || e == "hcl");
    if ours { Ok(()) } else { Err(refused("Its name must end in .tf or .hcl.")) }
}
