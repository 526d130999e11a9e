use super::*;
use crate::diag::{SourceFile, Span};
use crate::plan::change::*;
use crate::plan::exposure::{ExposureChange, Turn};
use crate::plan::fixtures::*;
use crate::plan::{Commit, Rows, Seen};
use crate::schema::Attrs;
use crate::value::Value;
use crate::value::codec::{self, DecodeError};
use proptest::prelude::*;
use std::sync::Arc;

/// Turns bits around; enough to see that nothing is in clear.
struct Mirror;

impl Seal for Mirror {
    fn seal(&self, plain: &[u8]) -> Result<String, String> {
        Ok(plain.iter().map(|b| format!("{:02x}", !b)).collect())
    }

    fn unseal(&self, sealed: &str) -> Result<Vec<u8>, DecodeError> {
        let byte = |at| u8::from_str_radix(&sealed[at..at + 2], 16).map(|b| !b).map_err(|e| e.to_string().into());
        (0..sealed.len()).step_by(2).map(byte).collect()
    }
}

struct Locked;

impl Seal for Locked {
    fn seal(&self, _: &[u8]) -> Result<String, String> {
        Err("there is no key".into())
    }

    fn unseal(&self, _: &str) -> Result<Vec<u8>, DecodeError> {
        Err(DecodeError::Sealed(codec::Locked {
            why: "the key from FLOORPLAN_KEY is another one".into(),
            cure: "Use the key that the plan was made with.".into(),
        }))
    }
}

fn any_attrs() -> impl Strategy<Value = Option<Attrs>> {
    proptest::option::of(
        proptest::collection::btree_map("[a-z]{1,4}", any_value(), 0..4).prop_map(|m| m.into_iter().collect()),
    )
}

fn any_change() -> impl Strategy<Value = Change> {
    let actions = [
        Action::NoOp,
        Action::Create,
        Action::Read,
        Action::Update,
        Action::DeleteThenCreate,
        Action::CreateThenDelete,
        Action::Delete,
        Action::Forget,
    ];
    let reasons = [
        None,
        Some(Reason::Tainted),
        Some(Reason::CannotUpdate(vec!["a".into()])),
        Some(Reason::TriggeredBy("aws_thing.b".into())),
        Some(Reason::DependencyPending),
    ];
    let at = prop_oneof![Just("aws_thing.a".to_owned()), Just("module.m[\"x\"].data.aws_thing.b[3]".to_owned())];
    let objects = (any_attrs(), any_attrs(), any_attrs());
    let reason = proptest::sample::select(reasons.to_vec());
    (at, proptest::sample::select(actions.to_vec()), reason, objects, proptest::option::of(".{0,6}")).prop_map(
        |(at, action, reason, (stored, before, after), text)| Change {
            stored,
            reason,
            deposed: text.clone(),
            importing: text,
            moved_from: Some(address("aws_thing.z[\"]\"]")),
            depends_on: vec![address("aws_thing.y[0]")],
            ..change(&at, action, before, after)
        },
    )
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let outputs =
        proptest::collection::vec((proptest::option::of(any_value()), proptest::option::of(any_value())), 0..3);
    (proptest::collection::vec(any_change(), 0..4), outputs, any::<(bool, bool, u64)>()).prop_map(
        |(changes, outputs, (destroy, refreshed, serial))| {
            let mut p = plan(changes);
            p.meta.destroy = destroy;
            p.meta.refreshed = refreshed;
            p.meta.serial = serial;
            p.meta.basis.values.typed = ["o".to_owned()].into();
            p.meta.basis.seen =
                [("motd".to_owned(), Seen::Content("1".into())), ("none".to_owned(), Seen::Absent)].into();
            p.meta.basis.commit = destroy.then(|| Commit { head: "c1".into(), ..Commit::default() });
            p.exposure.changes = (0..usize::from(refreshed))
                .map(|_| ExposureChange {
                    action: Turn::Opens,
                    from: "internet".into(),
                    internet: true,
                    services: "tcp/22".into(),
                    to: vec!["bastion".into()],
                    addresses: vec!["aws_thing.a".into()],
                    note: destroy.then(|| "was tcp/23".into()),
                    may: None,
                })
                .collect();
            p.sick = [("arn".to_owned(), vec!["i-1".to_owned()])].into();
            p.meta.replace = vec![address("aws_thing.a")];
            p.drift = p
                .changes
                .iter()
                .filter_map(|c| {
                    let stored = c.stored.clone()?;
                    Some(Drift {
                        address: c.address.clone(),
                        stored,
                        live: c.before.clone(),
                        attributes: vec!["a".into()],
                    })
                })
                .collect();
            p.steps = (0..p.changes.len())
                .map(|i| Step {
                    change: i,
                    op: Op::Update,
                    needs: (0..i).collect(),
                    wait: None,
                    detour: None,
                    rows: Rows { differing: vec!["a".into()], ..Rows::default() },
                })
                .collect();
            p.undo = p.steps.iter().map(|step| Undo { of: 0, when: step.needs.clone(), restores: refreshed }).collect();
            let output = |(before, after)| OutputChange { name: "o".into(), before, after };
            p.outputs = outputs.into_iter().map(output).collect();
            p.answers =
                p.outputs.iter().filter_map(|o| Some((address("data.aws_thing.d[0]"), o.after.clone()?))).collect();
            p.meta.variables = p.outputs.iter().filter_map(|o| Some((o.name.clone(), o.after.clone()?))).collect();
            p
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_plan_reads_back_exactly(plan in any_plan()) {
        let saved = Saved { plan: with_seal(plan), configuration: serde_json::json!({"root_module": {}}) };
        let bytes = write(&saved, &Mirror).unwrap();
        prop_assert_eq!(read(&bytes, Some(&Mirror), "p").unwrap(), saved);
    }

    #[test]
    fn a_damaged_file_is_refused_without_a_crash(at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let saved = sample();
        let whole = write(&saved, &Mirror).unwrap();
        let mut bytes = whole.clone();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        if let Ok(read) = read(&bytes, Some(&Mirror), "p") {
            prop_assert_eq!(read, saved);
        }
    }
}

/// The plan as it is read back.
fn with_seal(mut plan: Plan) -> Plan {
    plan.meta.seal = sealed(&plan).unwrap();
    plan
}

fn sample() -> Saved {
    let secret = attrs([("password", Value::from("hunter2").mark(true)), ("tags", map([("Name", "a")]))]);
    let mut plan = plan(vec![change("aws_thing.a", Action::Create, None, Some(secret))]);
    plan.steps =
        vec![Step { change: 0, op: Op::Create, needs: vec![], wait: None, detour: None, rows: Rows::default() }];
    Saved { plan: with_seal(plan), configuration: Json::Null }
}

fn unzipped(bytes: &[u8]) -> Json {
    serde_json::from_reader(GzDecoder::new(bytes)).unwrap()
}

fn zipped(json: &Json) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(json.to_string().as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn message(bytes: &[u8], seal: &dyn Seal) -> String {
    read(bytes, Some(seal), "a.plan").unwrap_err().iter().map(|d| crate::diag::render(d, false)).collect()
}

#[test]
fn a_sensitive_value_is_not_in_the_file_in_clear() {
    let text = unzipped(&write(&sample(), &Mirror).unwrap()).to_string();
    assert!(text.contains("Name") && text.contains("sealed") && !text.contains("hunter2"), "{text}");
}

#[test]
fn without_a_key_a_plan_can_be_shown_but_secrets_stay_sealed() {
    let bytes = write(&sample(), &Mirror).unwrap();
    let shown = read(&bytes, None, "p").unwrap().plan;
    let password = shown.changes[0].after.as_ref().unwrap().get("password").unwrap().clone();
    assert!(password.is_sensitive() && password.as_str().is_some_and(|s| s != "hunter2"));
}

#[test]
fn another_key_a_newer_format_and_other_files_are_told_apart() {
    let bytes = write(&sample(), &Mirror).unwrap();
    insta::assert_snapshot!(message(&bytes, &Locked), @r#"
    error: The plan file a.plan cannot be unsealed
      It holds sensitive values, and the key from FLOORPLAN_KEY is another one.
      Hint: Use the key that the plan was made with.
    "#);
    let mut newer = unzipped(&bytes);
    newer["version"] = 4.into();
    newer["floorplan_version"] = "9.1.0".into();
    newer["plan"] = "anything".into();
    let newer = message(&zipped(&newer), &Mirror).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!(newer, @r#"
    error: The plan file a.plan is of a newer format
      It has format 4 and was written by Floorplan 9.1.0; Floorplan 0.0.0 reads format 3.
      Hint: Use Floorplan 9.1.0 or newer.
    "#);
    let mut older = unzipped(&bytes);
    older["version"] = 2.into();
    let older = message(&zipped(&older), &Mirror).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!(older, @r#"
    error: The plan file a.plan is of an older format
      It has format 2 and was written by Floorplan 0.0.0; Floorplan 0.0.0 reads format 3.
      Hint: Plan again with `floorplan plan --out FILE`.
    "#);
    insta::assert_snapshot!(message(b"{}", &Mirror), @r#"
    error: a.plan is not a plan file
      A plan file is what `floorplan plan --out FILE` writes.
      Hint: Save a plan with `floorplan plan --out FILE`.
    "#);
    insta::assert_snapshot!(message(&bytes[..bytes.len() / 2], &Mirror), @r#"
    error: The plan file a.plan is damaged
      It was cut short or changed after it was written: incomplete deflate stream.
      Hint: Plan again with `floorplan plan --out FILE`.
    "#);
    insta::assert_snapshot!(message(&zipped(&serde_json::json!({"format": "x", "version": 3, "floorplan_version": "1"})), &Mirror), @r#"
    error: The plan file a.plan is damaged
      It was cut short or changed after it was written: it calls itself "x", not "floorplan-plan".
      Hint: Plan again with `floorplan plan --out FILE`.
    "#);
}

#[test]
fn a_step_that_refers_to_nothing_is_refused() {
    let mut saved = sample();
    saved.plan.steps[0].needs = vec![7];
    let bytes = write(&saved, &Mirror).unwrap();
    assert!(message(&bytes, &Mirror).contains("a step refers to nothing"));
}

#[test]
fn a_warning_keeps_its_line_but_not_the_rest_of_its_file() {
    let file = SourceFile { path: "main.tf".into(), text: "password = \"hunter2\"\ncheck \"a\" {\n}\n".into() };
    let warning = Diagnostic::warning("Check failed").at(Span::new(&Arc::new(file), 21..30)).hint("Look.");
    let mut saved = sample();
    saved.plan.warnings = vec![warning.clone()];
    let bytes = write(&saved, &Mirror).unwrap();
    assert!(!unzipped(&bytes).to_string().contains("hunter2"));
    let back = read(&bytes, Some(&Mirror), "p").unwrap();
    assert_eq!(crate::diag::render(&back.plan.warnings[0], false), crate::diag::render(&warning, false));
    let again = write(&back, &Mirror).unwrap();
    assert_eq!(read(&again, Some(&Mirror), "p").unwrap(), back);
}

#[test]
fn a_plan_that_breaks_a_guard_is_still_refused_when_it_is_read() {
    let mut saved = sample();
    saved.plan.violations = vec![Diagnostic::error("The Internet reaches x").code("guard")];
    let bytes = write(&saved, &Mirror).unwrap();
    let back = read(&bytes, Some(&Mirror), "p").unwrap();
    assert_eq!(back.plan.violations, saved.plan.violations);
    assert!(back.plan.refusals().has_errors());
    assert!(!read(&write(&sample(), &Mirror).unwrap(), Some(&Mirror), "p").unwrap().plan.refusals().has_errors());
}

#[test]
fn a_file_that_does_not_say_when_it_was_made_is_damaged() {
    let mut json = unzipped(&write(&sample(), &Mirror).unwrap());
    json["plan"]["meta"]["created"] = "yesterday".into();
    insta::assert_snapshot!(message(&zipped(&json), &Mirror), @r#"
    error: The plan file a.plan is damaged
      It was cut short or changed after it was written: it says that it was made at "yesterday", which is not a time.
      Hint: Plan again with `floorplan plan --out FILE`.
    "#);
}

#[test]
fn a_plan_has_one_seal_with_a_key_and_without() {
    let plan = sample().plan;
    let bytes = write(&sample(), &Mirror).unwrap();
    for seal in [None, Some(&Mirror as &dyn Seal)] {
        assert_eq!(read(&bytes, seal, "p").unwrap().plan.meta.seal, plan.meta.seal);
    }
    let mut other = plan.clone();
    other.steps[0].op = Op::Update;
    assert_ne!(sealed(&other).unwrap(), plan.meta.seal);
    // Who knows the rest of a plan must not find a secret of it by trying.
    let secret = attrs([("password", Value::from("letmein").mark(true)), ("tags", map([("Name", "a")]))]);
    let mut other = plan.clone();
    other.changes[0].after = Some(secret);
    assert_eq!(sealed(&other).unwrap(), plan.meta.seal);
}
