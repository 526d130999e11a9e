use super::*;
use crate::state::LocalStore;
use crate::state::testing::sealer;
use crate::value::Type;
use std::sync::Arc;
use std::time::Duration;

fn outputs(outputs: &[(&str, Value)]) -> (tempfile::TempDir, Backend) {
    let dir = tempfile::tempdir().unwrap();
    let backend = Backend::new(Arc::new(LocalStore::new(dir.path())), Arc::new(sealer()), "acme".into());
    let mut locked = backend.lock("apply", Duration::ZERO).unwrap();
    let mut state = locked.load().unwrap().state;
    state.outputs = outputs.iter().map(|(n, v)| (Name::from(*n), OutputValue { value: v.clone() })).collect();
    locked.save(state).unwrap();
    drop(locked);
    (dir, backend)
}

fn example() -> (tempfile::TempDir, Backend) {
    outputs(&[
        ("vpc_id", Value::string("vpc-1")),
        ("zones", Value::string_set(["b", "a"])),
        ("psk", Value::string("hunter2").mark(true)),
        ("users", Value::object([("ada", Value::string("hunter3").mark(true)), ("n", Value::from(3))])),
        ("nothing", Value::null(Type::String)),
    ])
}

fn args(name: Option<&str>, json: bool, raw: bool) -> OutputArgs {
    OutputArgs { name: name.map(Into::into), layout: Vec::new(), which: Which::default(), json, raw }
}

fn say(backend: &Backend, name: Option<&str>, json: bool, raw: bool) -> Result<Printed, String> {
    let problems = |e: Diagnostics| e.iter().map(|d| crate::diag::render(d, false)).collect::<Vec<_>>().join("\n");
    execute(&args(name, json, raw), backend).map_err(problems)
}

#[test]
fn all_outputs_are_listed_without_what_is_sensitive() {
    let (_dir, backend) = example();
    insta::assert_snapshot!(say(&backend, None, false, false).unwrap().data, @r#"
    nothing = tostring(null)
    psk = (sensitive value)
    users = {
      "ada" = (sensitive value)
      "n" = 3
    }
    vpc_id = "vpc-1"
    zones = toset([
      "a",
      "b",
    ])
    "#);
}

#[test]
fn json_is_in_terraforms_form_without_sensitive_values() {
    let (_dir, backend) = example();
    let said = say(&backend, None, true, false).unwrap();
    insta::assert_snapshot!(said.data, @r#"
    {
      "nothing": {
        "sensitive": false,
        "type": "string",
        "value": null
      },
      "psk": {
        "sensitive": true,
        "type": "string"
      },
      "users": {
        "sensitive": true,
        "type": [
          "object",
          {
            "ada": "string",
            "n": "number"
          }
        ]
      },
      "vpc_id": {
        "sensitive": false,
        "type": "string",
        "value": "vpc-1"
      },
      "zones": {
        "sensitive": false,
        "type": [
          "set",
          "string"
        ],
        "value": [
          "a",
          "b"
        ]
      }
    }
    "#);
    insta::assert_snapshot!(said.status, @"Sensitive values are left out: psk, users. `floorplan output --json psk` shows one.");
    let (_dir, empty) = outputs(&[]);
    assert_eq!(say(&empty, None, true, false).unwrap().data, "{}\n");
    assert_eq!(say(&empty, None, false, false).unwrap().data, "");
}

#[test]
fn one_output_is_given_to_people_tools_and_scripts() {
    let (_dir, backend) = example();
    for (name, plain, json, raw) in [
        ("vpc_id", "\"vpc-1\"\n", "\"vpc-1\"\n", Some("vpc-1")),
        ("psk", "(sensitive value)\n", "\"hunter2\"\n", Some("hunter2")),
        ("zones", "toset([\n  \"a\",\n  \"b\",\n])\n", "[\"a\",\"b\"]\n", None),
        ("nothing", "tostring(null)\n", "null\n", None),
    ] {
        assert_eq!(say(&backend, Some(name), false, false).unwrap().data, plain);
        assert_eq!(say(&backend, Some(name), true, false).unwrap().data, json);
        assert_eq!(say(&backend, Some(name), false, true).ok().map(|s| s.data).as_deref(), raw, "{name}");
    }
}

#[test]
fn what_cannot_be_given_says_what_can() {
    let (_dir, backend) = example();
    insta::assert_snapshot!(say(&backend, Some("zones"), false, true).unwrap_err(), @r#"
    error: The output "zones" cannot be written raw
      It is a set of string; only a string, number or bool can be.
      Hint: Use --json instead.
    "#);
    insta::assert_snapshot!(say(&backend, Some("vpc"), false, false).unwrap_err(), @r#"
    error: The output "vpc" was not found
      Hint: `floorplan output` lists them. `floorplan apply` stores a new one.
    "#);
    let (_dir, empty) = outputs(&[]);
    insta::assert_snapshot!(say(&empty, Some("vpc_id"), false, false).unwrap_err(), @r#"
    error: The output "vpc_id" was not found
      The state holds no outputs.
      Hint: `floorplan apply` stores them.
    "#);
}
