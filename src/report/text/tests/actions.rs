use super::*;
use crate::objects::{Instance, OutputValue, Slot, State};
use crate::plan::change::{AttributeChange, Cause, Summary};
use insta::assert_snapshot;

#[test]
fn a_replacement_names_its_cause_and_its_order() {
    let before = attrs([("id", "t-1".into()), ("cidr_block", "10.0.0.0/24".into()), ("tags", map([("Name", "a")]))]);
    let after = attrs([("id", later()), ("cidr_block", "10.0.1.0/24".into()), ("tags", map([("Name", "a")]))]);
    let of = |action| one(change("aws_thing.a", action, Some(before.clone()), Some(after.clone())));
    assert_snapshot!(of(Action::DeleteThenCreate), @r#"
    Floorplan will do the following (-/+ destroy, then create):

      # aws_thing.a must be replaced
    -/+ resource "aws_thing" "a" {
          ~ cidr_block = "10.0.0.0/24" -> "10.0.1.0/24" # forces replacement
          ~ id         = "t-1" -> (known after apply)
            tags       = {
                "Name" = "a"
            }
        }

    Plan: 0 to add, 0 to change, 1 to replace, 0 to destroy.
    "#);
    assert_snapshot!(of(Action::CreateThenDelete), @r#"
    Floorplan will do the following (+/- create, then destroy):

      # aws_thing.a must be replaced
      # (the new one is created before the old one is destroyed)
    +/- resource "aws_thing" "a" {
          ~ cidr_block = "10.0.0.0/24" -> "10.0.1.0/24" # forces replacement
          ~ id         = "t-1" -> (known after apply)
            tags       = {
                "Name" = "a"
            }
        }

    Plan: 0 to add, 0 to change, 1 to replace, 0 to destroy.
    "#);
}

#[test]
fn every_reason_to_replace_is_worded() {
    for (reason, words) in [
        (Reason::Tainted, "aws_thing.a is tainted, so must be replaced"),
        (Reason::Requested, "aws_thing.a will be replaced, as requested"),
        (Reason::TriggeredBy("aws_thing.b".into()), "aws_thing.a will be replaced due to changes in aws_thing.b"),
        (Reason::CannotUpdate(vec!["x".into()]), "aws_thing.a must be replaced"),
    ] {
        let mut c = change("aws_thing.a", Action::DeleteThenCreate, None, None);
        c.reason = Some(reason);
        assert_eq!(heading(&c), [words]);
    }
}

#[test]
fn a_destroyed_object_shows_all_it_had_and_why_it_goes() {
    let before = attrs([
        ("id", "t-1".into()),
        ("arn", Value::null(Type::String)),
        ("tags", map([("Name", "a")])),
        ("password", "hunter2".into()),
        ("route", blocks(vec![block(1, "r")])),
    ]);
    let mut c = change("aws_thing.a[2]", Action::Delete, Some(before), None);
    c.reason = Some(Reason::NoInstance);
    assert_snapshot!(one(c), @r#"
    Floorplan will do the following (- destroy):

      # aws_thing.a[2] will be destroyed
      # (because index [2] is out of range for count)
      - resource "aws_thing" "a" {
          - id       = "t-1" -> null
          - password = (sensitive value) -> null
          - tags     = {
              - "Name" = "a"
            } -> null

          - route {
              - note = "r" -> null
              - port = 1 -> null
            }
        }

    Plan: 0 to add, 0 to change, 0 to replace, 1 to destroy.
    "#);
}

#[test]
fn every_reason_to_destroy_or_read_is_worded() {
    let heading = |at: &str, action, reason| {
        let mut c = change(at, action, None, None);
        c.reason = Some(reason);
        c.deposed = (c.reason == Some(Reason::Deposed)).then(|| "00ff".into());
        heading(&c).join("\n")
    };
    let all = [
        heading("aws_thing.a", Action::Delete, Reason::NoConfig),
        heading("aws_thing.a", Action::Delete, Reason::NoInstance),
        heading("aws_thing.a[\"k\"]", Action::Delete, Reason::NoInstance),
        heading("module.m.aws_thing.a", Action::Delete, Reason::NoModule),
        heading("aws_thing.a", Action::Delete, Reason::Removed),
        heading("aws_thing.a", Action::Delete, Reason::Deposed),
        heading("aws_thing.a", Action::Create, Reason::Vanished),
        heading("data.aws_thing.a", Action::Read, Reason::ConfigUnknown),
        heading("data.aws_thing.a", Action::Read, Reason::DependencyPending),
    ];
    assert_snapshot!(all.join("\n"), @r#"
    aws_thing.a will be destroyed
    (because aws_thing.a is not in the layout)
    aws_thing.a will be destroyed
    (because aws_thing.a has count or for_each now)
    aws_thing.a["k"] will be destroyed
    (because key ["k"] is not in the for_each map)
    module.m.aws_thing.a will be destroyed
    (because module.m is not in the layout)
    aws_thing.a will be destroyed
    (because a removed block names it)
    aws_thing.a (deposed object 00ff) will be destroyed
    (left over from an unfinished replacement)
    aws_thing.a will be created
    (it no longer exists)
    data.aws_thing.a will be read during apply
    (its arguments are known only during apply)
    data.aws_thing.a will be read during apply
    (something that it depends on changes first)
    "#);
}

#[test]
fn a_move_an_import_and_a_forgotten_object_are_told_apart() {
    let object = attrs([("id", "t-1".into()), ("enabled", true.into()), ("tags", map([("Name", "a")]))]);
    let both = |at, action| change(at, action, Some(object.clone()), Some(object.clone()));
    let mut moved = both("aws_thing.b", Action::NoOp);
    moved.moved_from = Some(address("aws_thing.a"));
    let mut imported = both("aws_thing.c", Action::NoOp);
    imported.importing = Some("t-1".into());
    let mut changed =
        change("aws_thing.d", Action::Update, Some(object.clone()), Some(object.clone().with("enabled", false)));
    changed.moved_from = Some(address("aws_thing.old[0]"));
    changed.importing = Some("t-1".into());
    let mut forgotten = change("aws_thing.e", Action::Forget, Some(object.clone()), None);
    forgotten.reason = Some(Reason::Removed);
    assert_snapshot!(text(&plan(vec![moved, imported, changed, forgotten])), @r#"
    Floorplan will do the following (~ update in place, . forget):

      # aws_thing.a has moved to aws_thing.b
        resource "aws_thing" "b" {
            id   = "t-1"
            tags = {
                "Name" = "a"
            }
            # (1 unchanged attribute hidden)
        }

      # aws_thing.c will be imported
      # (imported from "t-1")
        resource "aws_thing" "c" {
            enabled = true
            id      = "t-1"
            tags    = {
                "Name" = "a"
            }
        }

      # aws_thing.d will be updated in-place
      # (moved from aws_thing.old[0])
      # (imported from "t-1")
      ~ resource "aws_thing" "d" {
          ~ enabled = true -> false
            id      = "t-1"
            tags    = {
                "Name" = "a"
            }
        }

      # aws_thing.e will no longer be managed, but will not be destroyed
      # (because a removed block names it)
      . resource "aws_thing" "e" {
            id   = "t-1"
            tags = {
                "Name" = "a"
            }
            # (1 unchanged attribute hidden)
        }

    Plan: 2 to import, 2 to move, 1 to forget, 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn a_data_source_read_during_apply_shows_its_arguments() {
    let after = attrs([("id", later()), ("cidr_block", later()), ("enabled", true.into())]);
    let mut c = change("data.aws_thing.a", Action::Read, None, Some(after));
    c.reason = Some(Reason::ConfigUnknown);
    assert_snapshot!(one(c), @r#"
    Floorplan will do the following (<= read):

      # data.aws_thing.a will be read during apply
      # (its arguments are known only during apply)
     <= data "aws_thing" "a" {
          + cidr_block = (known after apply)
          + enabled    = true
          + id         = (known after apply)
        }

    Nothing in AWS changes; data sources are read during apply.
    "#);
}

#[test]
fn drift_is_told_once_and_only_where_it_matters() {
    let stored =
        attrs([("id", "t-1".into()), ("arn", "1".into()), ("enabled", true.into()), ("zones", Value::strings(["a"]))]);
    let live = stored.clone().with("arn", "2").with("enabled", false).with("zones", Value::strings(["b"]));
    let drift = |at: &str, live: Option<&Attrs>| Drift {
        address: address(at),
        stored: stored.clone(),
        live: live.cloned(),
        attributes: ["arn", "enabled", "zones"].map(String::from).to_vec(),
    };
    let mut c = change("aws_thing.a", Action::Update, Some(live.clone()), Some(live.clone().with("enabled", true)));
    c.attributes = vec![AttributeChange { name: "enabled".into(), cause: Cause::World, forces_replacement: false }];
    let mut p = plan(vec![c]);
    p.drift = vec![drift("aws_thing.a", Some(&live)), drift("aws_thing.gone", None)];
    assert_snapshot!(text(&p), @r#"
    Changed outside the layout since the last apply:

      # aws_thing.a is different in AWS
      ~ resource "aws_thing" "a" {
            id    = "t-1"
          ~ zones = [
              - "a",
              + "b",
            ]
        }

      # aws_thing.gone no longer exists in AWS
      - resource "aws_thing" "gone" {
          - enabled = true -> null
          - id      = "t-1" -> null
          - zones   = [
              - "a",
            ] -> null
        }

    Floorplan will do the following (~ update in place):

      # aws_thing.a will be updated in-place
      ~ resource "aws_thing" "a" {
          ~ enabled = false -> true # changed outside the layout
            id      = "t-1"
            # (2 unchanged attributes hidden)
        }

    Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
    p.drift = vec![Drift { attributes: vec!["arn".into()], ..drift("aws_thing.a", Some(&live)) }];
    assert!(!text(&p).contains("outside the layout since"));
    p.changes[0].reason = Some(Reason::Vanished);
    p.drift = vec![drift("aws_thing.a", None)];
    assert!(!text(&p).contains("outside the layout since"));
}

#[test]
fn a_tag_that_somebody_added_counts_as_drift() {
    let live = attrs([("id", "t-1".into())]);
    let tags = |cause| AttributeChange { name: "tags_all".into(), cause, forces_replacement: false };
    let mut p = plan(vec![change("aws_thing.a", Action::Update, Some(live.clone()), Some(live.clone()))]);
    let attributes = vec!["tags_all".into()];
    p.drift = vec![Drift { address: address("aws_thing.a"), stored: live.clone(), live: Some(live), attributes }];
    assert_eq!(drifted(&p, &schema), 0);
    p.changes[0].attributes = vec![tags(Cause::Layout)];
    assert_eq!(drifted(&p, &schema), 0);
    p.changes[0].attributes = vec![tags(Cause::World)];
    assert_eq!(drifted(&p, &schema), 1);
}

#[test]
fn outputs_that_change_are_listed() {
    let mut p = plan(vec![]);
    let output = |name: &str, before, after| OutputChange { name: name.into(), before, after };
    p.outputs = vec![
        output("arn", None, Some(later())),
        output("old", Some("x".into()), None),
        output("same", Some(1.into()), Some(1.into())),
        output("secret", Some(Value::from("hunter1").mark(true)), Some(Value::from("hunter2").mark(true))),
        output("subnets", Some(Value::tuple(vec!["a".into()])), Some(Value::tuple(vec!["a".into(), 2.into()]))),
        output(
            "net",
            Some(Value::object([("a", 1.into()), ("b", 2.into())])),
            Some(Value::object([("a", 1.into()), ("b", "x".into())])),
        ),
    ];
    assert_snapshot!(text(&p), @r#"
    Changes to outputs:
      + arn     = (known after apply)
      - old     = "x" -> null
      ~ secret  = (sensitive value)
      ~ subnets = [
            "a",
          + 2,
        ]
      ~ net     = {
          ~ b = 2 -> "x"
            # (1 unchanged attribute hidden)
        }

    Only outputs change. AWS is not changed.
    "#);
}

#[test]
fn an_empty_plan_says_against_what_it_was_compared() {
    let mut p = plan(vec![change("aws_thing.a", Action::NoOp, Some(attrs([])), Some(attrs([])))]);
    assert_eq!(text(&p), "No changes. The layout matches AWS.\n");
    p.meta.refreshed = false;
    assert_eq!(text(&p), "No changes. The layout matches the stored state; AWS was not read.\n");
    p.meta.destroy = true;
    assert_eq!(text(&p), "No changes. There is nothing to destroy.\n");
}

#[test]
fn the_summary_counts_replacements_apart() {
    let of = |action| change("aws_thing.a", action, None, None);
    let mut p =
        plan(vec![of(Action::Create), of(Action::Create), of(Action::DeleteThenCreate), of(Action::CreateThenDelete)]);
    assert_eq!(summary(&p), "Plan: 2 to add, 0 to change, 2 to replace, 0 to destroy.");
    p.changes[0].importing = Some("x".into());
    p.changes[1].moved_from = Some(address("aws_thing.z"));
    p.changes.push(of(Action::Forget));
    assert_eq!(
        summary(&p),
        "Plan: 1 to import, 1 to move, 1 to forget, 2 to add, 0 to change, 2 to replace, 0 to destroy."
    );
    let counts = Summary { create: 12, update: 1, replace: 2, ..Summary::default() };
    assert_eq!(applied(&counts), "Apply complete: 12 added, 1 changed, 2 replaced, 0 destroyed.");
}

#[test]
fn a_state_is_shown_object_by_object_then_the_outputs() {
    let mut s = State::new("quickstart", "l1");
    assert_snapshot!(super::state(&s, &schema, false), @r#"The state is empty: nothing was applied, or all of it was destroyed."#);
    let instance = |id: &str, tainted| Instance {
        id: id.into(),
        attrs: attrs([("id", id.into()), ("password", "hunter2".into())]),
        provider: "aws".into(),
        region: "eu-central-1".into(),
        account: "1".into(),
        depends_on: vec![],
        create_before_destroy: false,
        tainted,
        unfinished: false,
    };
    s.set(Slot::current(address("aws_thing.a")), Some(instance("t-1", true)));
    s.set(Slot::deposed(address("aws_thing.a"), "00ff"), Some(instance("t-2", false)));
    s.outputs.insert("zones".into(), OutputValue { value: Value::strings(["a", "b"]) });
    s.outputs.insert("key".into(), OutputValue { value: Value::from("hunter2").mark(true) });
    assert_snapshot!(super::state(&s, &schema, false), @r#"
    # aws_thing.a (tainted):
    resource "aws_thing" "a" {
        id       = "t-1"
        password = (sensitive value)
    }

    # aws_thing.a (deposed object 00ff):
    resource "aws_thing" "a" {
        id       = "t-2"
        password = (sensitive value)
    }

    Outputs:
      key   = (sensitive value)
      zones = [
          "a",
          "b",
      ]
    "#);
}
