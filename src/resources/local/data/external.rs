//! external: what a program answers. It gets the query as JSON on its standard input.

use super::{Around, LocalData, Read, Row, Values};
use crate::schema::Attrs;
use crate::value::{Name, Type, Value};
use futures::future::LocalBoxFuture;
use std::collections::BTreeMap;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// The most characters that are shown of what a program complains about.
const SHOWN: usize = 2000;

pub(super) fn external() -> LocalData {
    let texts = || Type::map(Type::String);
    let rows = [
        Row::string_list("program").required(),
        Row::of("query", texts()),
        Row::of("result", texts()).computed(),
        Row::string("working_dir"),
    ];
    LocalData::new("external", rows, Read::Later(read))
}

fn read(config: Attrs, around: Around) -> LocalBoxFuture<'static, Result<Values, String>> {
    Box::pin(async move {
        let program = config.strings("program");
        let Some((name, arguments)) = program.split_first() else { return Err("the program must be named".into()) };
        let query: BTreeMap<String, String> = config.string_map("query");
        let query = serde_json::to_vec(&query).map_err(|e| e.to_string())?;
        let dir = around.dir.join(config.str("working_dir").unwrap_or_default());
        // A path that is relative starts at the layout's directory, as files do.
        let own = around.dir.join(name);
        let name = if name.contains('/') && own.exists() { own.into_os_string() } else { name.into() };
        let mut command = Command::new(&name);
        command.args(arguments).current_dir(dir).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let shown = name.to_string_lossy().into_owned();
        let mut child = command.spawn().map_err(|e| format!("{shown} cannot be started: {e}"))?;
        if let Some(mut input) = child.stdin.take() {
            // A program that does not read its input is not wrong.
            drop(input.write_all(&query).await);
        }
        let ended = child.wait_with_output().await.map_err(|e| format!("{shown} failed: {e}"))?;
        if !ended.status.success() {
            let said: String = String::from_utf8_lossy(&ended.stderr).trim().chars().take(SHOWN).collect();
            return Err(format!("{shown} ended with {}: {said}", ended.status));
        }
        let answer: BTreeMap<String, serde_json::Value> = serde_json::from_slice(&ended.stdout)
            .map_err(|e| format!("{shown} did not answer with a JSON object: {e}"))?;
        let mut result: BTreeMap<Name, Value> = BTreeMap::new();
        for (key, value) in answer {
            let text = match value {
                serde_json::Value::String(text) => Value::from(text),
                serde_json::Value::Null => Value::null(Type::String),
                _ => return Err(format!("{shown} answered with {key:?}, which is not a text")),
            };
            result.insert(key.as_str().into(), text);
        }
        Ok(vec![("result", Value::map(Type::String, result)), ("id", "-".into())])
    })
}
