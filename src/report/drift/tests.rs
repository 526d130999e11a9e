use super::*;
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::{Class, Difference, Effect, Finding, Ignored, LayoutDrift, Outcome, Place, Severity};
use crate::plan::fixtures::address;
use crate::value::Value;
use serde_json::Value as Json;

fn finding(class: Class, severity: Severity, at: &str, effect: Effect) -> Finding {
    let address = address(at);
    Finding {
        class,
        severity,
        why: "lets more through".into(),
        type_name: address.resource.type_name.to_string(),
        address: Some(address),
        id: Some("sg-1".into()),
        name: Some("web|<b>".into()),
        region: "eu-west-1".into(),
        differences: Vec::new(),
        effect,
        note: None,
        at: Some(Place { file: "my net/main.tf".into(), line: 12 }),
    }
}

fn difference(path: &str, [state, live, wanted]: [Option<Value>; 3]) -> Difference {
    let attribute = path.split('[').next().unwrap_or_default().to_owned();
    let (effect, severity) = (Effect::Revert, Severity::Opens);
    Difference { attribute, path: path.into(), state, live, wanted, effect, severity, why: "lets more through".into() }
}

fn layouts() -> Vec<LayoutDrift> {
    let text = |text: &str| Some(Value::from(text));
    let secret = || Some(Value::from("hunter2").mark(true));
    let mut changed = finding(Class::Changed, Severity::Opens, "aws_security_group.web[\"a`b\"]", Effect::Revert);
    changed.differences = vec![
        difference("ingress", [None, text("tcp port 22, 0.0.0.0/0"), None]),
        difference("ingress", [text("tcp port 443, 10.0.0.0/8"), None, text("tcp port 443, 10.0.0.0/8")]),
        difference("tags[\"Name\"]", [text("a"), text("b"), text("a")]),
        difference("tags[\"Team\"]", [text("a"), text("b"), text("c")]),
        difference("password", [secret(), secret(), secret()]),
    ];
    let missing = finding(Class::Missing, Severity::Interrupts, "aws_subnet.a", Effect::Create);
    let half = Finding {
        note: Some("the run that began at 2026-01-02T03:04:05Z was about to create it; AWS has no such object".into()),
        at: None,
        ..finding(Class::HalfDone, Severity::Changes, "aws_vpc.v", Effect::Finish)
    };
    let unmanaged = Finding {
        address: None,
        name: None,
        at: None,
        ..finding(Class::Unmanaged, Severity::Changes, "aws_subnet.x", Effect::Nothing)
    };
    let ignored = Ignored {
        finding: finding(Class::Missing, Severity::Interrupts, "aws_subnet.b", Effect::Create),
        reason: "a trial".into(),
        expires: "2027-01-31".into(),
    };
    let looked = LayoutDrift {
        file: Some("my net/main.tf".into()),
        findings: vec![changed, missing, half, unmanaged],
        ignored: vec![ignored],
        managed: 12,
        unmanaged: Some(1),
        ..LayoutDrift::new("net", "my net", Outcome::Looked)
    };
    let applying =
        LayoutDrift::new("web", "layouts/web", Outcome::Applying("`floorplan apply` of ada on build-7".into()));
    let problem = Diagnostic::error("Cannot read aws_vpc from AWS").code("aws").detail("no access");
    let failed = LayoutDrift::new("db", "layouts/db", Outcome::Failed(Diagnostics::from(problem)));
    vec![looked, applying, failed, LayoutDrift::new("idle", "layouts/idle", Outcome::Looked)]
}

fn idle() -> Vec<LayoutDrift> {
    vec![LayoutDrift { unmanaged: Some(0), ..LayoutDrift::new("idle", "layouts/idle", Outcome::Looked) }]
}

#[test]
fn people_read_the_gravest_first() {
    insta::assert_snapshot!(text(&layouts(), false), @"");
    assert!(text(&layouts(), true).contains("\u{1b}["));
}

#[test]
fn nothing_is_said_of_a_world_as_it_should_be() {
    assert_eq!(text(&idle(), false), "");
    assert_eq!(markdown(&idle()), "");
    assert_eq!(crate::drift::exit(&idle()), 0);
    assert_eq!(crate::drift::exit(&layouts()), 1);
    assert_eq!(crate::drift::exit(&layouts()[..2]), 2);
    let clean = json(&idle());
    assert_eq!((&clean["summary"]["findings"], &clean["summary"]["coverage"]["percent"]), (&0.into(), &100.into()));
    assert_eq!(sarif(&idle())["runs"][0]["results"], Json::Array(Vec::new()));
}

#[test]
fn a_comment_has_a_table_for_each_severity() {
    insta::assert_snapshot!(markdown(&layouts()), @"");
}

#[test]
fn a_comment_is_never_too_long() {
    let mut all = layouts();
    let one = all[0].findings[0].clone();
    all[0].findings = std::iter::repeat_n(one, 2000).collect();
    let comment = markdown(&all);
    assert!(comment.len() <= 65_536 && comment.contains("findings left out"), "{}", comment.len());
}

#[test]
fn programs_read_every_finding() {
    insta::assert_snapshot!(format!("{:#}", json(&layouts()[..1])), @"");
}

#[test]
fn no_form_shows_a_secret() {
    let all = layouts();
    let forms = [text(&all, false), markdown(&all), junit(&all), json(&all).to_string(), sarif(&all).to_string()];
    assert!(forms.iter().all(|form| !form.contains("hunter2")));
}

#[test]
fn a_test_service_reads_a_case_for_each_finding() {
    let document = junit(&layouts());
    let read = roxmltree::Document::parse(&document).unwrap();
    let count = |name: &str| read.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testsuite"), count("testcase"), count("failure")), (4, 7, 4));
    assert_eq!((count("skipped"), count("error")), (1, 1));
    let root = read.root_element();
    assert_eq!(
        (root.attribute("tests"), root.attribute("failures"), root.attribute("errors")),
        (Some("7"), Some("4"), Some("1"))
    );
    insta::assert_snapshot!(document, @"");
}

/// What code scanning services require of a document, by the specification of SARIF 2.1.0.
#[test]
fn code_scanning_reads_a_result_for_each_finding() {
    let document = sarif(&layouts());
    assert_eq!(document["version"], "2.1.0");
    assert!(document["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"));
    let run = &document["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "floorplan");
    let rules: Vec<&str> = driver["rules"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5, "four findings, and one that is ignored");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index], result["ruleId"]);
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "my%20net/main.tf");
        assert!(location["region"]["startLine"].as_u64().unwrap() >= 1);
        assert_eq!(result["partialFingerprints"]["floorplanDrift/v1"].as_str().unwrap().len(), 32);
    }
    let prints: std::collections::BTreeSet<&str> =
        results.iter().map(|r| r["partialFingerprints"]["floorplanDrift/v1"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), results.len());
    let suppressed: Vec<_> = results.iter().filter(|r| r["suppressions"].is_array()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["kind"], "external");
    insta::assert_snapshot!(format!("{:#}", results[0]), @"");
}

#[test]
fn blocks_that_ignore_the_findings_are_read_back() {
    let all = layouts();
    let written = ignores(all[0].findings.iter(), "accepted \"for\" ${now}", "2027-01-31");
    insta::assert_snapshot!(written, @"");
    let mut read = crate::drift::Ignores::default();
    read.read("drift.ignore.hcl", written.as_bytes()).unwrap();
    let today = jiff::civil::date(2027, 1, 31);
    let (kept, ignored) = read.sift(all[0].findings.clone(), today);
    assert_eq!(kept, []);
    assert!(ignored.iter().all(|i| i.reason == "accepted \"for\" ${now}"));
    assert!(read.warnings(today).is_empty());
}
