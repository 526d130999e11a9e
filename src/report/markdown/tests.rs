use super::*;
use crate::diag::Diagnostic;
use crate::plan::change::{Cause, OutputChange, Reason};
use crate::plan::fixtures::*;
use crate::value::Value;

#[test]
fn a_comment_has_summary_tables_and_details() {
    let before = attrs([("id", "t-1".into()), ("cidr_block", "10.0.0.0/24".into()), ("user_data", "a\n- b\n".into())]);
    let after = attrs([("id", later()), ("cidr_block", "10.0.1.0/24".into()), ("user_data", "a\n- b\nc\n".into())]);
    let mut replaced = change("aws_thing.a[\"x|y\"]", Action::CreateThenDelete, Some(before.clone()), Some(after));
    replaced.attributes[2].cause = Cause::World;
    replaced.reason = Some(Reason::CannotUpdate(vec!["cidr_block".into()]));
    let created = change("aws_thing.b", Action::Create, None, Some(attrs([("enabled", true.into())])));
    let mut gone = change("aws_thing.c[3]", Action::Delete, Some(attrs([("id", "t-2".into())])), None);
    gone.reason = Some(Reason::NoInstance);
    let mut moved = change("aws_thing.d", Action::NoOp, Some(before.clone()), Some(before));
    moved.moved_from = Some(address("aws_thing.e"));
    let mut p = plan(vec![replaced, created, gone, moved]);
    p.outputs = vec![OutputChange { name: "id".into(), before: None, after: Some(later()) }];
    p.warnings = vec![Diagnostic::warning("Check *a* failed").about("aws_thing.b")];
    insta::assert_snapshot!(render(&p, &schema), @r#"
    ### Floorplan: `quickstart`

    **Plan: 1 to move, 1 to add, 0 to change, 1 to replace, 1 to destroy.**

    **Warnings**

    - Check &#42;a&#42; failed (`aws_thing.b`)

    **Destroy** (1)

    | Resource | Remark |
    |---|---|
    | `aws_thing.c[3]` | because index `[3]` is out of range for count |

    **Replace** (1)

    | Resource | Remark |
    |---|---|
    | <code>aws_thing.a["x&#124;y"&#93;</code> | the new one is created before the old one is destroyed; `cidr_block "10.0.0.0/24" -> "10.0.1.0/24"` forces replacement, `user_data` (changed outside the layout) |

    **Create** (1)

    | Resource | Remark |
    |---|---|
    | `aws_thing.b` |  |

    **Move** (1)

    | Resource | Remark |
    |---|---|
    | `aws_thing.d` | from `aws_thing.e` |

    <details><summary>Details</summary>

    ```diff
      # aws_thing.a["x|y"] must be replaced
      # (the new one is created before the old one is destroyed)
    !   resource "aws_thing" "a" {
    !       cidr_block = "10.0.0.0/24" -> "10.0.1.0/24" # forces replacement
    !       id         = "t-1" -> (known after apply)
    !       user_data  = <<-EOT # changed outside the layout
                a
                - b
    +           c
            EOT
        }

      # aws_thing.b will be created
    +   resource "aws_thing" "b" {
    +       enabled = true
        }

      # aws_thing.c[3] will be destroyed
      # (because index [3] is out of range for count)
    -   resource "aws_thing" "c" {
    -       id = "t-2" -> null
        }

      # aws_thing.e has moved to aws_thing.d
        resource "aws_thing" "d" {
            id = "t-1"
            # (2 unchanged attributes hidden)
        }

    Changes to outputs:
    +   id = (known after apply)
    ```

    </details>
    "#);
}

#[test]
fn an_empty_plan_is_one_line_under_its_title() {
    insta::assert_snapshot!(render(&plan(vec![]), &schema), @r#"
    ### Floorplan: `quickstart`

    **No changes. The layout matches AWS.**
    "#);
}

#[test]
fn backticks_in_a_value_do_not_end_the_details() {
    let after = attrs([("user_data", "```\n</details>\n````\n".into())]);
    let comment = render(&plan(vec![change("aws_thing.a", Action::Create, None, Some(after))]), &schema);
    assert!(comment.contains("\n`````diff\n") && comment.contains("\n`````\n\n</details>\n"), "{comment}");
}

#[test]
fn a_comment_that_would_be_too_long_says_what_it_leaves_out() {
    let wide = |i: usize| {
        let after = attrs([("user_data", Value::string("x".repeat(100)))]);
        change(&format!("aws_thing.with_a_rather_long_name[{i}]"), Action::Create, None, Some(after))
    };
    let comment = render(&plan((0..1000).map(wide).collect()), &schema);
    assert!(comment.len() <= LIMIT, "{}", comment.len());
    assert!(comment.len() > LIMIT - 1024, "{}", comment.len());
    let tail: Vec<&str> = comment.lines().rev().take(3).collect();
    insta::assert_snapshot!(tail.join("\n"), @r#"
    > 867 of 1000 parts of the details are left out: a comment has at most 65536 characters. `floorplan show` with the saved plan shows them all.

    </details>
    "#);
    let row = comment.lines().find(|l| l.starts_with("| and")).unwrap_or_default();
    insta::assert_snapshot!(row, @r#"| and 319 more | |"#);
}

#[test]
fn no_secret_is_in_a_comment() {
    let after = attrs([("password", "hunter2".into()), ("user_data", Value::from("hunter2").mark(true))]);
    let comment = render(&plan(vec![change("aws_thing.a", Action::Create, None, Some(after))]), &schema);
    assert!(!comment.contains("hunter2") && comment.contains("(sensitive value)"), "{comment}");
}
