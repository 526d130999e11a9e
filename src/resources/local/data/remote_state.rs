//! terraform_remote_state: the outputs of another layout's state, one of Terraform's or one of Floorplan's.

use super::{Around, LocalData, Read, Row, Values};
use crate::schema::Attrs;
use crate::sources::disk::read_named;
use crate::state::encode::{Unreadable, from_text};
use crate::state::{sealer_of_environment, terraform};
use crate::value::{Name, Type, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) fn state() -> LocalData {
    let any = |name| Row::of(name, Type::Dynamic);
    let rows = [
        Row::string("backend").required(),
        any("config"),
        any("defaults"),
        any("outputs").computed(),
        Row::string("workspace"),
    ];
    LocalData::new("terraform_remote_state", rows, Read::Now(read))
}

fn read(config: &Attrs, around: &Around) -> Result<Values, String> {
    let backend = config.str("backend").unwrap_or_default();
    if backend != "local" {
        return Err(format!(
            "a state in the backend {backend:?} is not read here. Copy it with `terraform state pull > FILE` and read it with backend = \"local\" and config = {{ path = FILE }}"
        ));
    }
    let path = place(config, around)?;
    let mut all: BTreeMap<Name, Value> = match config.get("defaults").filter(|v| !v.is_null()) {
        None => BTreeMap::new(),
        Some(defaults) => defaults.as_entries().cloned().ok_or("the defaults must be an object")?,
    };
    all.extend(outputs(&path)?);
    Ok(vec![("outputs", Value::object(all))])
}

/// The file that the arguments name.
fn place(config: &Attrs, around: &Around) -> Result<PathBuf, String> {
    let argument = |name: &str| -> Result<Option<String>, String> {
        let Some(value) = config.get("config").and_then(|config| config.get(name)).filter(|v| !v.is_null()) else {
            return Ok(None);
        };
        value.as_str().map(|text| Some(text.to_owned())).ok_or_else(|| format!("{name:?} in config must be a text"))
    };
    for name in config.get("config").and_then(Value::as_entries).into_iter().flat_map(BTreeMap::keys) {
        if !matches!(&**name, "path" | "workspace_dir") {
            return Err(format!(
                "config of the backend \"local\" has no argument {:?}; it takes path and workspace_dir",
                &**name
            ));
        }
    }
    let (path, folder) = (argument("path")?, argument("workspace_dir")?);
    let path = match config.str("workspace").filter(|workspace| *workspace != "default") {
        Some(workspace) => {
            Path::new(folder.as_deref().unwrap_or("terraform.tfstate.d")).join(workspace).join("terraform.tfstate")
        }
        None => path.unwrap_or_else(|| "terraform.tfstate".into()).into(),
    };
    let path = around.dir.join(path);
    // A folder is where Floorplan keeps the state of a layout.
    Ok(if path.is_dir() { path.join("state.json") } else { path })
}

fn outputs(path: &Path) -> Result<BTreeMap<Name, Value>, String> {
    let cannot = |why: String| format!("the state {} cannot be read: {why}", path.display());
    let bytes = read_named(path).map_err(cannot)?;
    let state: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|e| cannot(format!("it is not JSON: {e}")))?;
    if state.get("floorplan_state").is_some() {
        let sealer = sealer_of_environment().map_err(|d| cannot(d.detail))?;
        let state = from_text(&bytes, &sealer).map_err(|e| cannot(reason(e)))?;
        return Ok(state.outputs.into_iter().map(|(name, output)| (name, output.value.unmark_deep())).collect());
    }
    terraform::outputs(&bytes, &path.display().to_string()).map_err(|d| cannot(d.detail))
}

fn reason(e: Unreadable) -> String {
    match e {
        Unreadable::CutShort => "it ends too early".into(),
        Unreadable::Newer(format) => format!("it has the format {format}, which a newer version writes"),
        Unreadable::Terraform => "it is a state of Terraform".into(),
        Unreadable::Moved(how) => how,
        Unreadable::Changed => "it was changed by hand".into(),
        Unreadable::Damaged(why) | Unreadable::Unproven(why) => why.trim_end_matches('.').to_owned(),
        Unreadable::Sealed(locked) => locked.why,
    }
}
