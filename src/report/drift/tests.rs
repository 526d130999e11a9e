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
        exposure: Vec::new(),
        at: Some(Place { file: "my net/main.tf".into(), line: 12 }),
    }
}

fn difference(path: &str, [state, live, wanted]: [Option<Value>; 3]) -> Difference {
    let attribute = path.split('[').next().unwrap_or_default().to_owned();
    let (effect, severity) = (Effect::Revert, Severity::Opens);
    Difference { attribute, path: path.into(), state, live, wanted, effect, severity, why: "lets more through".into() }
}

pub(super) fn layouts() -> Vec<LayoutDrift> {
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
    insta::assert_snapshot!(text(&layouts(), false), @r#"
    net (my net): 4 findings, 12 of 13 objects managed (92 %), 1 ignored
      opens
        aws_security_group.web["a`b"] was changed: lets more through (sg-1, web|<b>, eu-west-1, my net/main.tf:12)
          ingress: "tcp port 22, 0.0.0.0/0" was added
          ingress: "tcp port 443, 10.0.0.0/8" is gone
          tags["Name"]: "b" instead of "a"
          tags["Team"]: "b"; the state has "a", the layout wants "c"
          password: (sensitive value) instead of (sensitive value)
          apply puts it back
      interrupts
        aws_subnet.a is gone from AWS: lets more through (sg-1, web|<b>, eu-west-1, my net/main.tf:12)
          apply makes it again
      changes
        aws_vpc.v was left half done: lets more through (sg-1, web|<b>, eu-west-1)
          the run that began at 2026-01-02T03:04:05Z was about to create it; AWS has no such object
          apply finishes it
        aws_subnet sg-1 is unmanaged: lets more through (eu-west-1)
          apply does nothing about it

    layouts/web: apply in progress: `floorplan apply` of ada on build-7

    layouts/db: cannot be looked at: Cannot read aws_vpc from AWS

    Drift: 4 findings in 1 layout (1 opens, 1 interrupts, 2 changes).
    "#);
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
    insta::assert_snapshot!(markdown(&layouts()), @r#"
    ### Floorplan: drift

    **Not judged**

    - `layouts/web`: apply in progress: &#96;floorplan apply&#96; of ada on build-7
    - `layouts/db`: cannot be looked at: Cannot read aws_vpc from AWS

    **4 findings in 1 layout** (1 opens, 1 interrupts, 2 changes)

    **opens** (1)

    | Object | Drift | Apply | Layout | Place |
    |---|---|---|---|---|
    | <code>aws_security_group.web["a&#96;b"&#93;</code><br>sg-1, web&#124;&lt;b> | was changed: lets more through<br>ingress: "tcp port 22, 0.0.0.0/0" was added<br>ingress: "tcp port 443, 10.0.0.0/8" is gone<br>tags["Name"&#93;: "b" instead of "a"<br>tags["Team"&#93;: "b"; the state has "a", the layout wants "c"<br>password: (sensitive value) instead of (sensitive value) | revert | net (my net) | `my net/main.tf:12` |

    **interrupts** (1)

    | Object | Drift | Apply | Layout | Place |
    |---|---|---|---|---|
    | `aws_subnet.a`<br>sg-1, web&#124;&lt;b> | is gone from AWS: lets more through | create | net (my net) | `my net/main.tf:12` |

    **changes** (2)

    | Object | Drift | Apply | Layout | Place |
    |---|---|---|---|---|
    | `aws_vpc.v`<br>sg-1, web&#124;&lt;b> | was left half done: lets more through<br>the run that began at 2026-01-02T03:04:05Z was about to create it; AWS has no such object | finish | net (my net) | eu-west-1 |
    | `aws_subnet sg-1` | is unmanaged: lets more through | nothing | net (my net) | eu-west-1 |
    "#);
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
    let document = json(&layouts());
    assert_eq!((&document["format"], &document["summary"]["coverage"]["percent"]), (&1.into(), &92.into()));
    let of = |name: &str| document["summary"][name].as_u64();
    let counts = ["layouts", "findings", "opens", "interrupts", "changes", "cosmetic", "ignored"].map(of);
    assert_eq!(counts, [4, 4, 1, 1, 2, 0, 1].map(Some));
    let layout = |i: usize| &document["layouts"][i];
    let status: Vec<_> = (0..4).map(|i| layout(i)["status"].as_str().unwrap_or_default()).collect();
    assert_eq!(status, ["checked", "applying", "failed", "checked"]);
    assert_eq!(layout(1)["by"], "`floorplan apply` of ada on build-7");
    assert_eq!(layout(2)["diagnostics"][0]["code"], "aws");
    let ignored = &layout(0)["ignored"][0];
    assert_eq!((&ignored["address"], &ignored["reason"]), (&"aws_subnet.b".into(), &"a trial".into()));
    let mut missing = layout(0)["findings"][1].clone();
    missing["fingerprint"] = "…".into();
    insta::assert_snapshot!(missing, @r#"{"fingerprint":"…","class":"missing","severity":"interrupts","why":"lets more through","address":"aws_subnet.a","type":"aws_subnet","id":"sg-1","name":"web|<b>","place":"eu-west-1","note":null,"exposure":[],"since":null,"apply":"create","file":"my net/main.tf","line":12,"differences":[],"blame":null}"#);
    let differences = &layout(0)["findings"][0]["differences"];
    insta::assert_snapshot!(differences[0], @r#"{"attribute":"ingress","path":"ingress","state":null,"live":"tcp port 22, 0.0.0.0/0","layout":null,"sensitive":false,"known_after_apply":false,"severity":"opens","why":"lets more through","apply":"revert"}"#);
    insta::assert_snapshot!(differences[4], @r#"{"attribute":"password","path":"password","state":null,"live":null,"layout":null,"sensitive":true,"known_after_apply":false,"severity":"opens","why":"lets more through","apply":"revert"}"#);
}

#[test]
fn no_form_shows_a_secret() {
    let all = layouts();
    let forms =
        [text(&all, false), markdown(&all), html(&all), junit(&all), json(&all).to_string(), sarif(&all).to_string()];
    assert!(forms.iter().all(|form| !form.contains("hunter2")));
}

#[test]
fn the_page_has_every_finding_and_the_values_of_each() {
    let page = html(&layouts());
    for there in [
        "<h1>Floorplan drift: 4 layouts</h1>",
        "<h2>Not looked at</h2>\n<ul>\n<li><code>layouts/db</code>: cannot be looked at: Cannot read aws_vpc from AWS</li>",
        "<h2>Apply in progress</h2>\n<ul>\n<li><code>layouts/web</code>: apply in progress: `floorplan apply` of ada",
        "<p>4 findings in 1 layout (1 opens, 1 interrupts, 2 changes).</p>",
        "<th class=\"number\">Ignored</th><th class=\"number\">Managed</th><th class=\"number\">Coverage</th>",
        "<td class=\"number\">12</td><td class=\"number\">92 %</td>",
        "<label><input type=\"checkbox\" value=\"changes\" checked> changes (2)</label>",
        "<span class=\"action opens\">opens</span> <span class=\"cell\">changed</span> ",
        "<code>aws_security_group.web[&quot;a`b&quot;]</code> was changed: lets more through (sg-1, web|&lt;b&gt;, eu-west-1)",
        "<td><code>tags[&quot;Team&quot;]</code></td><td><code>&quot;a&quot;</code></td><td><code>&quot;b&quot;</code></td><td><code>&quot;c&quot;</code></td>",
        "<p>Ignored until 2027-01-31: a trial</p>",
    ] {
        assert!(page.contains(there), "{there}\n{page}");
    }
    let quiet = html(&idle());
    assert!(quiet.contains("<p>No drift in 1 layout.</p>") && !quiet.contains("<details"), "{quiet}");
    crate::report::testing::example("drift/page.html", &page);
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
    insta::assert_snapshot!(document, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="floorplan drift" tests="7" failures="4" errors="1">
      <testsuite name="net (my net)" tests="4" failures="4" errors="0" skipped="0">
        <testcase name="changed: aws_security_group.web[&quot;a`b&quot;]" classname="net" file="my net/main.tf" line="12">
          <failure type="opens" message="aws_security_group.web[&quot;a`b&quot;] was changed: lets more through">ingress: &quot;tcp port 22, 0.0.0.0/0&quot; was added&#10;ingress: &quot;tcp port 443, 10.0.0.0/8&quot; is gone&#10;tags[&quot;Name&quot;]: &quot;b&quot; instead of &quot;a&quot;&#10;tags[&quot;Team&quot;]: &quot;b&quot;; the state has &quot;a&quot;, the layout wants &quot;c&quot;&#10;password: (sensitive value) instead of (sensitive value)&#10;apply puts it back</failure>
        </testcase>
        <testcase name="missing: aws_subnet.a" classname="net" file="my net/main.tf" line="12">
          <failure type="interrupts" message="aws_subnet.a is gone from AWS: lets more through">apply makes it again</failure>
        </testcase>
        <testcase name="half-done: aws_vpc.v" classname="net" file="my net/main.tf" line="1">
          <failure type="changes" message="aws_vpc.v was left half done: lets more through">the run that began at 2026-01-02T03:04:05Z was about to create it; AWS has no such object&#10;apply finishes it</failure>
        </testcase>
        <testcase name="unmanaged: aws_subnet sg-1" classname="net" file="my net/main.tf" line="1">
          <failure type="changes" message="aws_subnet sg-1 is unmanaged: lets more through">apply does nothing about it</failure>
        </testcase>
      </testsuite>
      <testsuite name="layouts/web" tests="1" failures="0" errors="0" skipped="1">
        <testcase name="drift" classname="web">
          <skipped message="apply in progress: `floorplan apply` of ada on build-7"/>
        </testcase>
      </testsuite>
      <testsuite name="layouts/db" tests="1" failures="0" errors="1" skipped="0">
        <testcase name="drift" classname="db">
          <error message="cannot be looked at: Cannot read aws_vpc from AWS"/>
        </testcase>
      </testsuite>
      <testsuite name="layouts/idle" tests="1" failures="0" errors="0" skipped="0">
        <testcase name="drift" classname="idle"/>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn code_scanning_reads_a_result_for_each_finding() {
    let document = sarif(&layouts());
    let results = crate::report::sarif::read(&document);
    assert_eq!(results.len(), 5, "four findings, and one that is ignored");
    for result in &results {
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "my%20net/main.tf");
        assert_eq!(result["partialFingerprints"]["floorplanDrift/v1"].as_str().unwrap().len(), 32);
    }
    assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let suppressed: Vec<_> = results.iter().filter(|r| r["suppressions"].is_array()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["kind"], "external");
    assert_eq!(
        results[1]["message"]["text"],
        "aws_subnet.a is gone from AWS: lets more through. Severity: interrupts. apply makes it again."
    );
    assert_eq!(results[1]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "aws_subnet.a");
}

#[test]
fn blocks_that_ignore_the_findings_are_read_back() {
    let all = layouts();
    let written = ignores(all[0].findings.iter(), "accepted \"for\" ${now}", "2027-01-31");
    insta::assert_snapshot!(written, @r#"
    ignore {
      address   = "aws_security_group.web[\"a`b\"]"
      attribute = "ingress"
      reason    = "accepted \"for\" $${now}"
      expires   = "2027-01-31"
    }

    ignore {
      address   = "aws_security_group.web[\"a`b\"]"
      attribute = "tags[\"Name\"]"
      reason    = "accepted \"for\" $${now}"
      expires   = "2027-01-31"
    }

    ignore {
      address   = "aws_security_group.web[\"a`b\"]"
      attribute = "tags[\"Team\"]"
      reason    = "accepted \"for\" $${now}"
      expires   = "2027-01-31"
    }

    ignore {
      address   = "aws_security_group.web[\"a`b\"]"
      attribute = "password"
      reason    = "accepted \"for\" $${now}"
      expires   = "2027-01-31"
    }

    ignore {
      address = "aws_subnet.a"
      reason  = "accepted \"for\" $${now}"
      expires = "2027-01-31"
    }

    ignore {
      address = "aws_vpc.v"
      reason  = "accepted \"for\" $${now}"
      expires = "2027-01-31"
    }

    ignore {
      address = "sg-1"
      type    = "aws_subnet"
      reason  = "accepted \"for\" $${now}"
      expires = "2027-01-31"
    }
    "#);
    let mut read = crate::drift::Ignores::default();
    read.read("drift.ignore.hcl", written.as_bytes()).unwrap();
    let today = jiff::civil::date(2027, 1, 31);
    let (kept, ignored) = read.sift(all[0].findings.clone(), today);
    assert_eq!(kept, []);
    assert!(ignored.iter().all(|i| i.reason == "accepted \"for\" ${now}"));
    assert!(read.warnings(today, crate::drift::Seen::All).is_empty());
}
