use super::*;
use crate::plan::change::Cause;
use insta::assert_snapshot;

#[test]
fn a_new_object_shows_given_and_unknown_attributes() {
    let after = attrs([
        ("id", later()),
        ("arn", later()),
        ("cidr_block", "10.0.0.0/24".into()),
        ("enabled", true.into()),
        ("password", "hunter2".into()),
        ("policy", Value::null(Type::String)),
        ("tags", map([("Name", "a"), ("cost centre", "${x}")])),
        ("zones", Value::strings(["a", "b"])),
        ("ingress", blocks(vec![block(80, "web")])),
    ]);
    assert_snapshot!(one(change("module.net[0].aws_thing.a[\"x\"]", Action::Create, None, Some(after))), @r#"
    Floorplan will do the following (+ create):

      # module.net[0].aws_thing.a["x"] will be created
      + resource "aws_thing" "a" {
          + arn        = (known after apply)
          + cidr_block = "10.0.0.0/24"
          + enabled    = true
          + id         = (known after apply)
          + password   = (sensitive value)
          + tags       = {
              + "Name"        = "a"
              + "cost centre" = "$${x}"
            }
          + zones      = [
              + "a",
              + "b",
            ]

          + ingress {
              + note = "web"
              + port = 80
            }
        }

    Plan: 1 to add, 0 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn an_update_hides_what_stays_and_says_how_much() {
    let shown = update(
        [
            ("arn", "arn:1".into()),
            ("enabled", false.into()),
            ("tags", map([("Name", "a"), ("b", "1"), ("gone", "x")])),
            ("zones", Value::strings(["a", "b", "c", "d", "e"])),
            ("groups", Value::string_set(["g1", "g2"])),
        ],
        [
            ("arn", "arn:1".into()),
            ("enabled", true.into()),
            ("tags", map([("Name", "a"), ("b", "2"), ("new", "y")])),
            ("zones", Value::strings(["a", "b", "c", "x", "e"])),
            ("groups", Value::string_set(["g2", "g3"])),
        ],
    );
    assert_snapshot!(shown, @r#"
    Floorplan will do the following (~ update in place):

      # aws_thing.a will be updated in-place
      ~ resource "aws_thing" "a" {
          ~ enabled = false -> true
          ~ groups  = [
              - "g1",
              + "g3",
                # (1 unchanged element hidden)
            ]
            id      = "t-1"
          ~ tags    = {
              ~ "b"    = "1" -> "2"
              - "gone" = "x" -> null
              + "new"  = "y"
                # (1 unchanged element hidden)
            }
          ~ zones   = [
                # (2 unchanged elements hidden)
                "c",
              - "d",
              + "x",
                "e",
            ]
            # (1 unchanged attribute hidden)
        }

    Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn blocks_are_shown_as_blocks_and_sets_of_them_by_membership() {
    let shown = update(
        [
            ("ingress", Value::set(block(1, "").ty(), vec![block(22, "ssh"), block(80, "web")])),
            ("route", blocks(vec![block(1, "one"), block(2, "two"), block(3, "three")])),
            ("options", block(9, "x")),
        ],
        [
            ("ingress", Value::set(block(1, "").ty(), vec![block(80, "web"), block(443, "tls")])),
            ("route", blocks(vec![block(1, "one"), block(2, "zwei")])),
            ("options", block(9, "x")),
        ],
    );
    assert_snapshot!(shown, @r#"
    Floorplan will do the following (~ update in place):

      # aws_thing.a will be updated in-place
      ~ resource "aws_thing" "a" {
            id = "t-1"

          - ingress {
              - note = "ssh" -> null
              - port = 22 -> null
            }
          + ingress {
              + note = "tls"
              + port = 443
            }

          ~ route {
              ~ note = "two" -> "zwei"
                # (1 unchanged attribute hidden)
            }
          - route {
              - note = "three" -> null
              - port = 3 -> null
            }

            # (3 unchanged blocks hidden)
        }

    Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn blocks_that_only_apply_will_tell_are_named() {
    let unknown = Value::unknown(Type::list(block(1, "").ty()));
    let shown = update([("route", blocks(vec![block(1, "one")]))], [("route", unknown)]);
    assert_snapshot!(shown, @r#"
    Floorplan will do the following (~ update in place):

      # aws_thing.a will be updated in-place
      ~ resource "aws_thing" "a" {
            id = "t-1"

          - route {
              - note = "one" -> null
              - port = 1 -> null
            }
          + route (known after apply)
        }

    Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn a_policy_is_compared_as_a_document() {
    let before =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:Run"],"Resource":"*"},{"Sid":"2"}]}"#;
    let after = before.replace("ec2:Run", "ec2:Stop").replace(r#"{"Sid":"2"}"#, r#"{"Sid":"2"},{"Sid":"3"}"#);
    assert_snapshot!(update([("policy", before.into())], [("policy", after.into())]), @r#"
    Floorplan will do the following (~ update in place):

      # aws_thing.a will be updated in-place
      ~ resource "aws_thing" "a" {
            id     = "t-1"
          ~ policy = jsonencode(
              ~ {
                  ~ Statement = [
                      ~ {
                          ~ Action = [
                              - "ec2:Run",
                              + "ec2:Stop",
                            ]
                            # (2 unchanged attributes hidden)
                        },
                        {
                            Sid = "2"
                        },
                      + {
                          + Sid = "3"
                        },
                    ]
                    # (1 unchanged attribute hidden)
                }
            )
        }

    Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn a_policy_of_the_same_meaning_is_no_change() {
    let mut c = change(
        "aws_thing.a",
        Action::Update,
        Some(attrs([("policy", r#"{"a":["x"]}"#.into()), ("enabled", true.into())])),
        Some(attrs([("policy", r#"{ "a": "x" }"#.into()), ("enabled", false.into())])),
    );
    c.attributes.retain(|a| a.name != "policy");
    assert_snapshot!(one(c), @r#"
    Floorplan will do the following (~ update in place):

      # aws_thing.a will be updated in-place
      ~ resource "aws_thing" "a" {
          ~ enabled = true -> false
            # (1 unchanged attribute hidden)
        }

    Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn text_of_many_lines_is_compared_line_by_line() {
    let before: String = (0..20).map(|i| format!("line {i}\n")).collect();
    let after = before.replace("line 9\n", "line nine\n\u{1b}[31mred\n");
    assert_snapshot!(update([("user_data", before.into())], [("user_data", after.into())]), @r#"
    Floorplan will do the following (~ update in place):

      # aws_thing.a will be updated in-place
      ~ resource "aws_thing" "a" {
            id        = "t-1"
          ~ user_data = <<-EOT
                # (6 unchanged lines hidden)
                line 6
                line 7
                line 8
              - line 9
              + line nine
              + \u001b[31mred
                line 10
                line 11
                line 12
                # (7 unchanged lines hidden)
            EOT
        }

    Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn a_sensitive_value_is_never_shown_marked_or_declared_so() {
    let secret = |s: &str| Value::string(s).mark(true);
    let block = |s: &str| Value::object([("port", 1.into()), ("note", secret(s)), ("key", s.into())]);
    let tags =
        |s: &str| Value::map(Type::String, [("k".into(), secret(s)), ("l".into(), s.len().to_string().into())].into());
    let shown = update(
        [
            ("password", "hunter2".into()),
            ("user_data", secret("hunter2\nx")),
            ("tags", tags("hunter2")),
            ("route", blocks(vec![block("hunter2")])),
            ("ingress", Value::set(block("").ty(), vec![block("hunter2")])),
        ],
        [
            ("password", "hunter22".into()),
            ("user_data", later().mark(true)),
            ("tags", tags("hunter22")),
            ("route", blocks(vec![block("hunter22")])),
            ("ingress", Value::set(block("").ty(), vec![block("hunter22")])),
        ],
    );
    assert!(!shown.contains("hunter"), "{shown}");
    assert_snapshot!(shown, @r#"
    Floorplan will do the following (~ update in place):

      # aws_thing.a will be updated in-place
      ~ resource "aws_thing" "a" {
            id        = "t-1"
          ~ password  = (sensitive value)
          ~ tags      = {
              ~ "k" = (sensitive value)
              ~ "l" = "7" -> "8"
            }
          ~ user_data = (sensitive value)

          ~ ingress {
                # (sensitive content)
            }

          ~ route {
              ~ key  = (sensitive value)
              ~ note = (sensitive value)
                # (1 unchanged attribute hidden)
            }
        }

    Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.
    "#);
}

#[test]
fn drift_and_changes_of_the_layout_are_shown_apart() {
    let before = attrs([
        ("id", "t-1".into()),
        ("cidr_block", "10.0.0.0/24".into()),
        ("enabled", false.into()),
        ("tags", map([])),
    ]);
    let after = attrs([
        ("id", later()),
        ("cidr_block", "10.0.1.0/24".into()),
        ("enabled", true.into()),
        ("tags", map([("Name", "a")])),
    ]);
    let mut c = change("aws_thing.a", Action::DeleteThenCreate, Some(before), Some(after));
    for a in &mut c.attributes {
        a.cause = match a.name.as_str() {
            "cidr_block" => Cause::Both,
            "tags" => Cause::World,
            _ => Cause::Layout,
        };
    }
    assert_snapshot!(one(c), @r#"
    Floorplan will do the following (-/+ destroy, then create):

      # aws_thing.a must be replaced
    -/+ resource "aws_thing" "a" {
          ~ cidr_block = "10.0.0.0/24" -> "10.0.1.0/24" # forces replacement; changed in the layout and outside
          ~ enabled    = false -> true
          ~ id         = "t-1" -> (known after apply)
          ~ tags       = { # changed outside the layout
              + "Name" = "a"
            }
        }

    Plan: 0 to add, 0 to change, 1 to replace, 0 to destroy.
    "#);
}

#[test]
fn colour_adds_nothing_but_colour() {
    let before = attrs([("id", "t-1".into()), ("cidr_block", "a".into()), ("route", blocks(vec![block(1, "r")]))]);
    let after = attrs([("id", later()), ("cidr_block", "b".into()), ("route", blocks(vec![block(2, "r")]))]);
    let p = plan(vec![change("aws_thing.a", Action::DeleteThenCreate, Some(before), Some(after))]);
    let coloured = render(&p, &schema, true);
    assert!(coloured.contains("\u{1b}["));
    assert_eq!(console::strip_ansi_codes(&coloured), text(&p));
}

#[test]
fn an_existing_object_is_shown_whole() {
    let it = attrs([
        ("id", "t-1".into()),
        ("password", "hunter2".into()),
        ("tags", map([("Name", "a")])),
        ("route", blocks(vec![block(1, "r")])),
    ]);
    assert_snapshot!(object(&address("module.m.aws_thing.a[0]"), &it, &schema, false), @r#"
    # module.m.aws_thing.a[0]:
    resource "aws_thing" "a" {
        id       = "t-1"
        password = (sensitive value)
        tags     = {
            "Name" = "a"
        }

        route {
            note = "r"
            port = 1
        }
    }
    "#);
}
