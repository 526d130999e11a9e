//! The values of variables: from options, files and the environment, and by asking for what is
//! missing where someone is there to answer.

use super::args::{VariableArgs, VariableArgument};
use super::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::inputs::{self, Giver, InputOption, Inputs, ValuesFile};
use crate::lang::config::{Files, Module};
use crate::lang::expr::Expr;
use crate::plan::PlanMeta;
use crate::plan::basis::{self, Values};
use crate::session::{Fetch, Layout, disk};
use crate::sources::disk::Disk;
use crate::value::{Name, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// Reads a layout. `typed` are the values of variables on the command line, which may say which modules it has.
pub fn layout(dir: &Path, typed: &[VariableArgument], ui: &Ui) -> Result<Layout, Diagnostics> {
    Layout::load(dir, Fetch::Missing(&|line| ui.status(line)), &early(dir, typed))
}

/// Reads a layout from the files of a disk, some of them drafts, and the values that its variables have without a
/// question.
pub fn drafted(
    files: &Disk,
    dir: &Path,
    typed: &[VariableArgument],
) -> Result<(Layout, BTreeMap<Name, Value>), Diagnostics> {
    let layout = Layout::load_from(files, dir, Fetch::Never, &early(dir, typed))?;
    let values = given_from(files, &layout, typed)?;
    Ok((layout, values))
}

/// Where the value of a variable of the root module is written.
pub fn written(dir: &Path, typed: &[VariableArgument], name: &str) -> Result<Option<Expr>, String> {
    inputs::written(&inputs(&disk("."), dir, typed, &mut Diagnostics::new()), name)
}

/// The values of variables before the layout is whole. What is wrong with others than constant ones is found later.
pub fn early(dir: &Path, typed: &[VariableArgument]) -> impl Fn(&Module) -> Result<BTreeMap<Name, Value>, Diagnostics> {
    move |module| {
        let mut problems = Diagnostics::new();
        let inputs = inputs(&disk("."), dir, typed, &mut problems);
        let (found, more) = inputs::values(module, &inputs);
        problems.extend(more);
        let has = |name: &Name| found.values.contains_key(name) || found.missing.contains(name);
        match module.variables.values().all(|variable| !variable.constant || has(&variable.name)) {
            true => Ok(found.values),
            false => Err(problems),
        }
    }
}

fn inputs(disk: &Disk, dir: &Path, typed: &[VariableArgument], problems: &mut Diagnostics) -> Inputs {
    Inputs {
        environment: std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
            .collect(),
        files: automatic(disk, dir, problems),
        options: typed.iter().filter_map(|t| option(disk, t, problems)).collect(),
    }
}

/// A value for every variable of the root module that has one.
pub fn values(
    layout: &Layout,
    args: &VariableArgs,
    typed: &[VariableArgument],
    ui: &Ui,
) -> Result<BTreeMap<Name, Value>, Diagnostics> {
    of(&layout.loaded.root.module, layout, args, typed, ui, true)
}

/// The values that variables of the root module have without a question; those that have none are left out.
pub fn given(layout: &Layout, typed: &[VariableArgument]) -> Result<BTreeMap<Name, Value>, Diagnostics> {
    given_from(&disk("."), layout, typed)
}

fn given_from(files: &Disk, layout: &Layout, typed: &[VariableArgument]) -> Result<BTreeMap<Name, Value>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let inputs = inputs(files, &layout.dir, typed, &mut problems);
    let (found, more) = inputs::values(&layout.loaded.root.module, &inputs);
    problems.extend(more);
    problems.into_result(found.values)
}

fn of(
    module: &Module,
    layout: &Layout,
    args: &VariableArgs,
    typed: &[VariableArgument],
    ui: &Ui,
    warns: bool,
) -> Result<BTreeMap<Name, Value>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let inputs = inputs(&disk("."), &layout.dir, typed, &mut problems);
    let (found, more) = inputs::values(module, &inputs);
    problems.extend(more);
    let mut values = found.values;
    let forbidden = super::environment::forbids_questions(std::env::var("TF_INPUT").ok().as_deref());
    let ask = args.input && !forbidden && ui.interactive && !problems.has_errors();
    for name in &found.missing {
        let Some(variable) = module.variables.get(name) else { continue };
        if !ask {
            problems.push(inputs::missing(variable));
            continue;
        }
        let question = match &variable.description {
            Some(description) => format!("var.{name} ({description})"),
            None => format!("var.{name}"),
        };
        let answer = if variable.sensitive {
            dialoguer::Password::new().with_prompt(question).allow_empty_password(true).interact()
        } else {
            dialoguer::Input::<String>::new().with_prompt(question).allow_empty(true).interact_text()
        };
        let answer = answer.map_err(|e| {
            Diagnostics::from(
                Diagnostic::error("Cannot read the answer").code("unreadable-file").detail(format!("{e}.")),
            )
        });
        if let Some(text) = problems.take(answer)
            && let Some(value) = problems.take(inputs::answer(variable, &text))
        {
            values.insert(name.clone(), value);
        }
    }
    problems.iter().filter(|d| warns && !d.is_error()).for_each(|d| ui.report_one(d));
    problems.into_result(values)
}

/// The values of the variables that a saved plan does not hold.
pub fn ephemeral(
    layout: &Layout,
    args: &VariableArgs,
    typed: &[VariableArgument],
    ui: &Ui,
) -> Result<BTreeMap<Name, Value>, Diagnostics> {
    let module = &layout.loaded.root.module;
    if !module.has_ephemeral() {
        return Ok(BTreeMap::new());
    }
    let only = module.variables.iter().filter(|(_, variable)| variable.ephemeral);
    let only = Module { variables: only.map(|(k, v)| (k.clone(), v.clone())).collect(), ..Module::default() };
    // What the files hold besides is in the plan.
    of(&only, layout, args, typed, ui, false)
}

/// Where a layout's variables have their values from, as a plan keeps it. `within` gives the path of a file from the
/// layout's directory on, if it is one of the workspace.
pub fn sources(layout: &Layout, typed: &[VariableArgument], within: &dyn Fn(&Path) -> Option<String>) -> Values {
    let inputs = inputs(&disk("."), &layout.dir, typed, &mut Diagnostics::new());
    let givers = inputs::givers(&inputs);
    let mut values = Values::default();
    values.files.extend(typed.iter().filter_map(|typed| match typed {
        VariableArgument::File(path) => within(path),
        VariableArgument::Value(_) => None,
    }));
    let lasts = |path: &String| inputs.files.iter().any(|file| file.path == *path) || within(Path::new(path)).is_some();
    for name in layout.loaded.root.module.variables.keys() {
        match givers.get(name) {
            Some(Giver::File(path)) if lasts(path) => drop(values.filed.insert(name.to_string())),
            Some(Giver::File(_) | Giver::CommandLine) => drop(values.typed.insert(name.to_string())),
            Some(Giver::Environment(_)) | None => {}
        }
    }
    values
}

/// The variables of a saved plan that have another value now, each in a sentence. What only the command line gave when
/// the plan was made is in the plan.
pub fn given_otherwise(layout: &Layout, plan: &PlanMeta, typed: &[VariableArgument]) -> Vec<String> {
    let (was, disk) = (&plan.basis.values, disk("."));
    let mut unheard = Diagnostics::new();
    let mut inputs = inputs(&disk, &layout.dir, typed, &mut unheard);
    let named = was.files.iter().map(|path| basis::typed(&layout.dir.to_string_lossy(), path));
    inputs.files.extend(named.filter_map(|path| file(&disk, Path::new(&path), &mut unheard)));
    let (found, _) = inputs::values(&layout.loaded.root.module, &inputs);
    let now = inputs::givers(&inputs);
    let typed = inputs::givers(&Inputs { options: inputs.options.clone(), ..Inputs::default() });
    let sentence = |(name, value): (&Name, &Value)| {
        if found.values.get(name) == Some(value) {
            return None;
        }
        let by = match now.get(name) {
            _ if !typed.contains_key(name) && was.typed.contains(&**name) => return None,
            Some(Giver::CommandLine) => "The command line",
            Some(Giver::File(by) | Giver::Environment(by)) => by.as_str(),
            None if was.filed.contains(&**name) => {
                return Some(format!("No file gives {:?} its value any more.", &**name));
            }
            None => return None,
        };
        Some(format!("{by} gives {:?} another value than the plan has.", &**name))
    };
    plan.variables.iter().filter_map(sentence).collect()
}

fn automatic(disk: &Disk, dir: &Path, problems: &mut Diagnostics) -> Vec<ValuesFile> {
    let names = Files::list(disk, &dir.to_string_lossy()).unwrap_or_default();
    let names = inputs::automatic_files(&names);
    names.iter().filter_map(|name| file(disk, &dir.join(name), problems)).collect()
}

fn option(disk: &Disk, typed: &VariableArgument, problems: &mut Diagnostics) -> Option<InputOption> {
    match typed {
        VariableArgument::Value(text) => Some(InputOption::Var(text.clone())),
        VariableArgument::File(path) => file(disk, path, problems).map(InputOption::File),
    }
}

fn file(disk: &Disk, path: &Path, problems: &mut Diagnostics) -> Option<ValuesFile> {
    let shown = path.to_string_lossy().into_owned();
    let bytes = Files::read(disk, &shown).map_err(|e| {
        Diagnostic::error(format!("Cannot read variables from {shown}")).code("unreadable-file").detail(format!("{e}."))
    });
    Some(ValuesFile { bytes: problems.take(bytes)?, path: shown })
}
