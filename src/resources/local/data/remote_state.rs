//! terraform_remote_state: the outputs of another layout's state, one of Terraform's or one of Floorplan's, from this disk,
//! a bucket or a web server. The arguments in `config` are those of Terraform's backends.

use super::{Around, LocalData, Read, Row, Values};
use crate::aws::ProviderSettings;
use crate::aws::keys::Kms;
use crate::aws::places::{Http, S3, http, s3};
use crate::diag::Diagnostic;
use crate::schema::{Attribute, Attrs};
use crate::sources::disk::read_named;
use crate::state::document::{Document, state_in};
use crate::state::encode::{Unreadable, from_text};
use crate::state::remote::Objects;
use crate::state::{Marker, sealer_of_environment, terraform};
use crate::value::convert::convert;
use crate::value::{Name, Type, Value};
use futures::future::LocalBoxFuture;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The argument of a place in S3 that Terraform does not have.
const NOT_TERRAFORMS: &str = "seal_kms_key_id";

pub(super) fn state() -> LocalData {
    let any = |name| Row::of(name, Type::Dynamic);
    let rows = [
        Row::string("backend").required(),
        any("config"),
        any("defaults"),
        any("outputs").computed(),
        Row::string("workspace"),
    ];
    LocalData::new("terraform_remote_state", rows, Read::Later(read))
}

fn read(config: Attrs, around: Around) -> LocalBoxFuture<'static, Result<Values, String>> {
    Box::pin(async move {
        let mut all: BTreeMap<Name, Value> = match config.get("defaults").filter(|v| !v.is_null()) {
            None => BTreeMap::new(),
            Some(defaults) => defaults.as_entries().cloned().ok_or("the defaults must be an object")?,
        };
        let place = Place::of(&config, &around)?;
        // The calls of a state block.
        let found = tokio::task::spawn_blocking(move || place.outputs(&around));
        all.extend(found.await.map_err(|e| format!("the state cannot be read: {e}"))??);
        Ok(vec![("outputs", Value::object(all))])
    })
}

/// Where the state is.
enum Place {
    File(PathBuf),
    Bucket(Box<S3>, String),
    Server(Http),
}

impl Place {
    /// The place that the arguments name.
    fn of(config: &Attrs, around: &Around) -> Result<Self, String> {
        let backend = config.str("backend").unwrap_or_default();
        let workspace = config.str("workspace").filter(|workspace| !matches!(*workspace, "" | "default"));
        let given = config.get("config").map(Value::unmark_deep).unwrap_or_else(Value::any_null);
        let given = |rows: Vec<Attribute>| arguments(backend, &given, &rows);
        match backend {
            "local" => {
                let texts = ["path", "workspace_dir"].map(|name| Attribute::new(name, Type::String));
                Ok(Place::File(file(&given(texts.into())?, workspace, around)))
            }
            "s3" => {
                let rows = s3::rows().into_iter().filter(|row| row.name != NOT_TERRAFORMS).collect();
                let given = given(rows)?;
                if let Some(name) = S3::REQUIRED.into_iter().find(|name| given.str(name).is_none_or(str::is_empty)) {
                    return Err(format!("config of the backend \"s3\" lacks {name:?}"));
                }
                let (s3, problems) = S3::read(&given);
                refused(problems)?;
                let key = s3.key_of(workspace);
                Ok(Place::Bucket(Box::new(s3), key))
            }
            "http" => {
                if let Some(workspace) = workspace {
                    return Err(format!(
                        "a state on a web server has no workspaces, but workspace = {workspace:?} is given. Leave it out, and name the address of that state"
                    ));
                }
                let (http, problems) = Http::read(&given(http::rows())?);
                refused(problems)?;
                if http.address().is_empty() {
                    return Err(
                        "config of the backend \"http\" lacks \"address\", and TF_HTTP_ADDRESS is not set".into()
                    );
                }
                Ok(Place::Server(http))
            }
            other => Err(format!(
                "a state in the backend {other:?} is not read here. Copy it with `terraform state pull > FILE` and read it with backend = \"local\" and config = {{ path = FILE }}"
            )),
        }
    }

    /// The outputs of the state. Blocks.
    fn outputs(self, around: &Around) -> Result<BTreeMap<Name, Value>, String> {
        let endpoint = around.endpoint.as_deref();
        let of_environment = || Kms::new(ProviderSettings::default().in_sandbox(endpoint));
        match self {
            Place::File(path) => {
                let place = path.display().to_string();
                let text = read_named(&path).map_err(|why| cannot(&place, why))?;
                outputs(&text, &place, of_environment())
            }
            Place::Bucket(s3, key) => {
                let bucket = s3.connect(&around.dir, endpoint).map_err(|d| words(&d))?;
                let place = bucket.place(&key);
                let text = bucket.get(&key).map_err(|d| words(&d))?.map(|object| object.text);
                outputs(&text.ok_or_else(|| absent(&place))?, &place, Kms::new(s3.settings(endpoint)))
            }
            Place::Server(http) => {
                let document = http.connect().map_err(|d| words(&d))?;
                let place = document.place();
                let text = document.get().map_err(|d| words(&d))?.ok_or_else(|| absent(&place))?;
                let state = state_in(&text).map_err(|why| cannot(&place, why))?;
                outputs(&state.ok_or_else(|| absent(&place))?, &place, of_environment())
            }
        }
    }
}

/// The arguments of a backend, as its rows want them.
fn arguments(backend: &str, given: &Value, rows: &[Attribute]) -> Result<Attrs, String> {
    if given.is_null() {
        return Ok(Attrs::default());
    }
    let given = given.as_entries().ok_or("config must be an object")?;
    let mut attrs = Attrs::default();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        let Some(row) = rows.iter().find(|row| row.name == &**name) else {
            let known: Vec<&str> = rows.iter().map(|row| row.name).collect();
            return Err(format!(
                "config of the backend {backend:?} has no argument {:?}; it takes {}",
                &**name,
                known.join(", ")
            ));
        };
        let value = match &row.ty {
            Type::Dynamic => value.clone(),
            ty => convert(value, ty).map_err(|e| format!("{:?} in config: {e}", &**name))?,
        };
        attrs = attrs.with(name, value);
    }
    Ok(attrs)
}

/// The file that the arguments name.
fn file(given: &Attrs, workspace: Option<&str>, around: &Around) -> PathBuf {
    let path = match workspace {
        Some(workspace) => {
            let folder = given.str("workspace_dir").unwrap_or("terraform.tfstate.d");
            Path::new(folder).join(workspace).join("terraform.tfstate")
        }
        None => given.str("path").unwrap_or("terraform.tfstate").into(),
    };
    let path = around.dir.join(path);
    // A folder is where Floorplan keeps the state of a layout.
    if path.is_dir() { path.join("state.json") } else { path }
}

/// The outputs of a state, sensitive where they are so there.
fn outputs(text: &[u8], place: &str, keys: Kms) -> Result<BTreeMap<Name, Value>, String> {
    let state: Json = serde_json::from_slice(text).map_err(|e| cannot(place, format!("it is not JSON: {e}")))?;
    if let Some(moved) = Marker::read(text) {
        return Err(cannot(place, format!("{}. Name that place", moved.sentence())));
    }
    match state.get("floorplan_state") {
        Some(Json::String(own)) => Err(cannot(place, format!("Floorplan keeps it as {own} now. Name that place"))),
        Some(_) => {
            let sealer = sealer_of_environment().map_err(|d| cannot(place, words(&d)))?;
            let sealer = sealer.served(Arc::new(keys), None);
            let state = from_text(text, &sealer).map_err(|e| cannot(place, reason(e)))?;
            Ok(state.outputs.into_iter().map(|(name, output)| (name, output.value)).collect())
        }
        None => terraform::outputs(text, place).map_err(|d| cannot(place, d.detail)),
    }
}

fn cannot(place: &str, why: String) -> String {
    format!("the state {place} cannot be read: {why}")
}

fn absent(place: &str) -> String {
    format!("no state was found at {place}. Apply the layout that has it first, or correct config and workspace")
}

fn refused(problems: Vec<Diagnostic>) -> Result<(), String> {
    problems.first().map_or(Ok(()), |problem| Err(words(problem)))
}

/// A problem with its cure in words.
fn words(problem: &Diagnostic) -> String {
    let parts = [&problem.summary, &problem.detail].into_iter().filter(|part| !part.is_empty());
    let said = parts.map(|part| part.trim_end_matches('.')).collect::<Vec<_>>().join(": ");
    let cures = problem.hints.iter().map(|hint| format!(". {}", hint.trim_end_matches('.')));
    [said].into_iter().chain(cures).collect()
}

fn reason(e: Unreadable) -> String {
    match e {
        Unreadable::CutShort => "it ends too early".into(),
        Unreadable::Newer(format) => format!("it has the format {format}, which a newer version writes"),
        Unreadable::Terraform => "it is a state of Terraform".into(),
        Unreadable::Moved(how) => how,
        Unreadable::Changed => "it was changed by hand".into(),
        Unreadable::Damaged(why) | Unreadable::Unproven(why) => why.trim_end_matches('.').to_owned(),
        Unreadable::Sealed(locked) => format!("{}. {}", locked.why, locked.cure.trim_end_matches('.')),
    }
}
