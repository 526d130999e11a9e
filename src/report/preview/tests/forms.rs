//! The forms beside the comment and the page.

use super::*;
use crate::plan::change::{Op, Step};
use crate::plan::exposure::{ExposureChange, Turn};
use crate::report::sarif::read;
use serde_json::Value as Json;

/// The production layout, whose plan interrupts a service that must stay available.
fn forbidden() -> Plan {
    let mut p = Fleet::new().production;
    let loss = &mut p.promise.losses[0];
    loss.allowed = false;
    loss.step = 0;
    loss.cure = "Use a replica.".into();
    loss.place = Some("layouts/production/db.tf:7".into());
    p.steps =
        vec![Step { change: 4, op: Op::Delete, needs: vec![], wait: None, detour: None, rows: Default::default() }];
    p
}

fn alone<T>(plan: &Plan, see: impl Fn(&[Previewed<'_>], &Links<'_>) -> T) -> T {
    let one = Previewed { layout: "layouts/production", places: &[], outcome: Ok(plan), file: FIRST };
    see(&[one], &Links { base: None, place: &place_of, file: &as_typed })
}

/// A result on one line.
fn line(result: &Json) -> String {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let place = &result["locations"][0]["physicalLocation"];
    let (file, at) = (text(&place["artifactLocation"]["uri"]), &place["region"]["startLine"]);
    format!("{} {} {file}:{at} {}", text(&result["level"]), text(&result["ruleId"]), text(&result["message"]["text"]))
}

#[test]
fn code_scanning_shows_what_fails_and_what_goes() {
    let document = Fleet::new().with(|all, links| sarif(all, &schema, links));
    let lines: Vec<String> = read(&document).into_iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    error preview/failed layouts/broken/main.tf:2 layouts/broken: Reference to undeclared variable. The module has no variable "x". Did you mean "y"?
    note preview/warning layouts/production/main.tf:13 layouts/production: Check *health* failed.
    warning preview/interrupts layouts/first.tf:1 layouts/production: db is interrupted: it is interrupted for about 300 s, as "engine_version" changes (allowed).
    warning preview/destroys layouts/first.tf:1 layouts/production: aws_thing.gone will be destroyed (because aws_thing.gone is not in the layout).
    warning preview/replaces layouts/production/main.tf:13 layouts/production: aws_thing.web["a"] must be replaced (the new one is created before the old one is destroyed; cidr_block "10.0.0.0/24" -> "10.0.1.0/24" forces replacement).
    "#);
    assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert_eq!(document["runs"][0]["results"][0]["properties"]["code"], "other");
}

#[test]
fn a_forbidden_plan_is_an_error_in_every_form() {
    let plan = forbidden();
    let document = alone(&plan, |all, links| sarif(all, &schema, links));
    let errors = read(&document).into_iter().filter(|result| result["level"] == "error").map(line);
    insta::assert_snapshot!(errors.collect::<Vec<_>>().join("\n"), @r#"error preview/forbidden layouts/production/db.tf:7 layouts/production: The plan would interrupt "db". In step 1 of 1 (delete aws_thing.web["a"]), it is interrupted for about 300 s, as "engine_version" changes. The layout says availability = "high". Use a replica. See layouts/production/db.tf:7. Or allow the interruption, which is recorded: --allow-downtime "db""#);
    assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], true);
    let report = alone(&plan, |all, links| json(all, &schema, links));
    assert_eq!((&report["summary"]["forbidden"], &report["summary"]["failed"]), (&1.into(), &0.into()));
    assert_eq!(report["layouts"][0]["status"], "forbidden");
    assert_eq!(report["layouts"][0]["diagnostics"][0]["code"], "interruption");
    let cases = alone(&plan, |all, _| junit(all));
    assert!(
        cases.contains("<failure type=\"forbidden\" message=\"The plan would interrupt &quot;db&quot;\">"),
        "{cases}"
    );
}

#[test]
fn two_results_of_one_kind_have_two_fingerprints() {
    let file = Arc::new(SourceFile { path: "a/main.tf".into(), text: "a = var.x\nb = var.x\n".into() });
    let at = |range| Diagnostic::error("Reference to undeclared variable").at(Span::new(&file, range));
    let broken: Diagnostics = [at(4..9), at(14..19), at(4..9)].into_iter().collect();
    let all = [Previewed { layout: "a", places: &[], outcome: Err(&broken), file: "a/main.tf" }];
    let document = sarif(&all, &schema, &Links { base: None, place: &place_of, file: &as_typed });
    assert_eq!(read(&document).len(), 2, "the third says the same as the first");
}

#[test]
fn a_test_service_shows_a_case_for_each_layout() {
    let document = Fleet::new().with(|all, _| junit(all));
    let read = roxmltree::Document::parse(&document).unwrap();
    let count = |name: &str| read.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testcase"), count("failure"), count("error")), (5, 1, 0));
    insta::assert_snapshot!(document, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="floorplan preview" tests="5" failures="1" errors="0">
      <testsuite name="floorplan preview" tests="5" failures="1" errors="0" skipped="0">
        <testcase name="layouts/broken" classname="preview">
          <failure type="failed" message="Reference to undeclared variable">Reference to undeclared variable (aws_thing.__main__), layouts/broken/main.tf:2&#10;  The module has no variable &quot;x&quot;.&#10;  Hint: Did you mean &quot;y&quot;?</failure>
        </testcase>
        <testcase name="layouts/production" classname="preview">
          <system-out>Plan: 1 to add, 2 to change, 1 to replace, 1 to destroy.</system-out>
        </testcase>
        <testcase name="layouts/quiet" classname="preview">
          <system-out>No changes. The layout matches AWS.</system-out>
        </testcase>
        <testcase name="layouts/sandbox" classname="preview">
          <system-out>Plan: 0 to add, 1 to change, 0 to replace, 0 to destroy.</system-out>
        </testcase>
        <testcase name="layouts/staging" classname="preview">
          <system-out>Plan: 0 to add, 2 to change, 0 to replace, 0 to destroy.</system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn programs_read_each_layout_with_its_changes() {
    let report = Fleet::new().with(|all, links| json(all, &schema, links));
    assert_eq!(report["format"], FORMAT);
    insta::assert_snapshot!(report["summary"], @r#"{"layouts":5,"deleted":0,"failed":1,"forbidden":0,"create":1,"update":5,"replace":1,"destroy":1,"forget":0,"import":0,"move":0,"outputs":1,"exposed":0,"interrupted":1,"drift":1}"#);
    insta::assert_snapshot!(report["same"], @r#"[{"action":"update","edits":["+ tag Owner \"net\""],"objects":4,"addresses":["aws_thing.a","aws_thing.b[\"x\"]","aws_thing.b[\"y\"]"],"layouts":["layouts/production","layouts/sandbox","layouts/staging"]}]"#);
    let layouts = report["layouts"].as_array().unwrap();
    let status = layouts.iter().map(|layout| layout["status"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(status, ["failed", "planned", "planned", "planned", "planned"]);
    let [broken, production, quiet, sandbox, _] = layouts.as_slice() else { panic!("{report}") };
    assert_eq!(broken["diagnostics"][0]["range"]["filename"], "layouts/broken/main.tf");
    assert!(broken["changes"].is_null() && quiet["changes"] == Json::Array(Vec::new()));
    insta::assert_snapshot!(production["places"], @r#"[{"account":"123456789012","region":"eu-west-1"}]"#);
    insta::assert_snapshot!(production["summary"], @r#"{"create":1,"update":2,"replace":1,"destroy":1,"forget":0,"import":0,"move":0,"outputs":0,"exposed":0,"interrupted":1,"drift":0}"#);
    let replaced = production["changes"].as_array().unwrap().last().unwrap();
    insta::assert_snapshot!(replaced["change"]["actions"], @r#"["create","delete"]"#);
    insta::assert_snapshot!(replaced["reasons"], @r#"["the new one is created before the old one is destroyed"]"#);
    insta::assert_snapshot!(replaced["edits"], @r#"["~ cidr_block \"10.0.0.0/24\" -> \"10.0.1.0/24\""]"#);
    assert_eq!((&replaced["file"], &replaced["line"]), (&"layouts/production/main.tf".into(), &13.into()));
    assert_eq!(production["changes"][0]["change"]["after_sensitive"]["password"], true);
    assert_eq!(production["availability"]["losses"][0]["service"], "db");
    assert!(quiet["availability"].is_null());
    assert_eq!(sandbox["drift"][0]["address"], "aws_thing.a");
    assert_eq!(sandbox["outputs"]["id"]["after_unknown"], true);
}

#[test]
fn people_read_the_same_at_a_terminal() {
    let report = Fleet::new().with(|all, links| text(all, &schema, links, false));
    let (head, plans) = report.split_once("\nlayouts/production:\n\n").unwrap();
    insta::assert_snapshot!(head, @r#"
    Floorplan: 5 layouts

    Did not plan (1):
      layouts/broken
        Reference to undeclared variable (aws_thing.__main__), layouts/broken/main.tf:2. The module has no variable "x". Hint: Did you mean "y"?

    Layout              Create  Update  Replace  Destroy  Outputs  Services interrupted  Earlier drift  Account/region
    layouts/production       1       2        1        1                              1                 123456789012/eu-west-1
    layouts/sandbox                  1                          1                                    1  123456789012/eu-west-1
    layouts/staging                  2                                                                  123456789012/eu-west-1
    Total                    1       5        1        1        1                     1              1

    Nothing changes in 1 other layout.

    Warnings:
      Check *health* failed (aws_thing.key), in layouts/production

    Destroyed and replaced (2):
      destroy aws_thing.gone, in layouts/production: because aws_thing.gone is not in the layout
      replace aws_thing.web["a"], in layouts/production: the new one is created before the old one is destroyed; cidr_block "10.0.0.0/24" -> "10.0.1.0/24" forces replacement

    Availability:
      layouts/production: db is interrupted in step 5: it is interrupted for about 300 s, as "engine_version" changes (allowed with --allow-downtime)
      layouts/production: single point of failure: nat (aws_thing.nat). Add a second one in another zone.
      layouts/production: aws_thing.web rolls in 2 waves: ["a"]; then ["b"]; each: create the new; wait until healthy in web_targets for 30 s; take the old out of service, delete it; on failure remove the new again
      layouts/production: web: at least 2 of 3 in service

    The same in several layouts:
      + tag Owner "net": 4 objects in 3 layouts (aws_thing)
    "#);
    for there in [
        "  # aws_thing.gone will be destroyed\n",
        "Plan: 1 to add, 2 to change, 1 to replace, 1 to destroy.\n\nlayouts/sandbox:\n\n",
        "\nlayouts/staging:\n\n",
    ] {
        assert!(plans.contains(there), "{there}\n{plans}");
    }
    assert!(!plans.contains("layouts/quiet"), "{plans}");
}

#[test]
fn a_terminal_is_not_repainted_by_a_name() {
    let hostile: Diagnostics = Diagnostic::error("a\u{1b}[2Jb").detail("c\u{202e}d").into();
    let all = [Previewed { layout: "\u{1b}]0;x", places: &[], outcome: Err(&hostile), file: FIRST }];
    let shown = text(&all, &schema, &Links { base: None, place: &place_of, file: &as_typed }, false);
    assert!(shown.contains("\\u001b[2J") && !shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
}

#[test]
fn every_form_says_what_comes_in() {
    let change = |action, from: &str, to: &str| ExposureChange {
        action,
        from: from.into(),
        internet: from == "internet",
        services: "tcp/22".into(),
        to: vec![to.into()],
        addresses: vec!["aws_thing.a".into()],
        note: None,
        may: None,
    };
    let mut p = plan(Vec::new());
    p.exposure.changes = vec![change(Turn::Opens, "internet", "bastion"), change(Turn::Closes, "office (vpn)", "db")];
    let comment = alone(&p, |all, links| render(all, &schema, links, LIMIT)).text;
    for there in [
        "| Layout | New exposure |\n|---|---|\n| `layouts/production` | 1 |\n",
        "\n**Exposure**\n\n- `layouts/production`: `+ internet → tcp/22 → bastion`\n",
        "- `layouts/production`: `- office (vpn) → tcp/22 → db`\n",
    ] {
        assert!(comment.contains(there), "{there}\n{comment}");
    }
    let terminal = alone(&p, |all, links| text(all, &schema, links, false));
    assert!(terminal.contains("\nExposure:\n  layouts/production: + internet → tcp/22 → bastion\n"), "{terminal}");
    let page = alone(&p, |all, links| html::render(all, &schema, links));
    assert!(page.contains("<code>+ internet → tcp/22 → bastion</code>"), "{page}");
    let document = alone(&p, |all, links| json(all, &schema, links));
    assert_eq!(
        (&document["summary"]["exposed"], &document["layouts"][0]["summary"]["exposed"]),
        (&1.into(), &1.into())
    );
    assert_eq!(document["layouts"][0]["exposure"]["changes"][0]["from"], "internet");
    // A short form keeps what comes in and leaves out what goes.
    let lines = alone(&p, |all, links| {
        let content = Content { all, schemas: &schema, links, same: Same::among(all, &schema) };
        exposure::lines(&content, Rung::Titles, crate::report::marks::PLAIN)
    });
    assert_eq!(lines, ["layouts/production: + internet → tcp/22 → bastion"]);
}
