use super::*;
use crate::diag::{Diagnostic, SourceFile, Span};
use crate::plan::change::{Action, Cause, Drift, OutputChange, Reason};
use crate::plan::fixtures::*;
use crate::plan::service_impact::{
    Interruption, InterruptionReason, Level, OnFailure, ServiceKind, ServiceSummary, SinglePoint, Wave,
};
use crate::report::testing::example;
use crate::value::Value;
use proptest::prelude::*;
use std::sync::Arc;

mod forms;

const LIMIT: usize = 65_536;
const BASE: &str = "https://github.com/acme/net/blob/0f3c1e5";
/// The file for what no block stands for.
const FIRST: &str = "layouts/first.tf";

/// A small fleet with something of everything.
struct Fleet {
    production: Plan,
    staging: Plan,
    sandbox: Plan,
    broken: Diagnostics,
}

impl Fleet {
    fn new() -> Self {
        let owner = |at: &str| {
            let before = attrs([("id", "t-9".into()), ("tags", map([("Name", "x")]))]);
            let after = before.clone().with("tags", map([("Name", "x"), ("Owner", "net")]));
            change(at, Action::Update, Some(before), Some(after))
        };
        let file = Arc::new(SourceFile { path: "layouts/broken/main.tf".into(), text: "a\nb = var.x\n".into() });
        let broken = Diagnostic::error("Reference to undeclared variable")
            .detail("The module has no variable \"x\".")
            .hint("Did you mean \"y\"?")
            .at(Span::new(&file, 6..11))
            .about("aws_thing.__main__");
        let mut sandbox = plan(vec![owner("aws_thing.a")]);
        sandbox.drift = vec![Drift {
            address: address("aws_thing.a"),
            stored: attrs([("id", "t-9".into()), ("enabled", true.into())]),
            live: Some(attrs([("id", "t-9".into()), ("enabled", false.into())])),
            attributes: vec!["enabled".into()],
        }];
        sandbox.outputs = vec![OutputChange { name: "id".into(), before: None, after: Some(later()) }];
        Fleet {
            production: production(owner("aws_thing.b[\"x\"]")),
            staging: plan(vec![owner("aws_thing.a"), owner("aws_thing.b[\"y\"]")]),
            sandbox,
            broken: broken.into(),
        }
    }

    fn render(&self, limit: usize) -> Preview {
        self.with(|all, links| render(all, &schema, links, limit))
    }

    fn with<T>(&self, see: impl Fn(&[Previewed<'_>], &Links<'_>) -> T) -> T {
        let quiet = plan(vec![]);
        let place = [("123456789012".to_owned(), "eu-west-1".to_owned())];
        let one = |layout, outcome| Previewed { layout, places: &place, outcome, file: FIRST };
        let all = [
            one("layouts/broken", Err(&self.broken)),
            one("layouts/production", Ok(&self.production)),
            one("layouts/quiet", Ok(&quiet)),
            one("layouts/sandbox", Ok(&self.sandbox)),
            one("layouts/staging", Ok(&self.staging)),
        ];
        see(&all, &Links { base: Some(BASE), place: &place_of, file: &as_typed })
    }
}

fn as_typed(file: &str) -> String {
    file.to_owned()
}

fn place_of(layout: &str, address: &Address) -> Option<(String, usize)> {
    let known = &*address.resource.name != "gone";
    known.then(|| (format!("{layout}/main.tf"), 10 + address.resource.name.len()))
}

fn rule(port: i64, cidr: &str) -> Value {
    let of = [("from_port", port.into()), ("to_port", port.into()), ("protocol", "tcp".into())];
    Value::object(of.into_iter().chain([("cidr_blocks", Value::strings([cidr]))]))
}

fn production(owner: Change) -> Plan {
    let before = attrs([("id", "t-1".into()), ("cidr_block", "10.0.0.0/24".into()), ("enabled", true.into())]);
    let after = attrs([("id", later()), ("cidr_block", "10.0.1.0/24".into()), ("enabled", true.into())]);
    let mut replaced = change("aws_thing.web[\"a\"]", Action::CreateThenDelete, Some(before), Some(after));
    replaced.reason = Some(Reason::CannotUpdate(vec!["cidr_block".into()]));
    let mut gone = change("aws_thing.gone", Action::Delete, Some(attrs([("id", "t-2".into())])), None);
    gone.reason = Some(Reason::NoConfig);
    let rules = |all: Vec<Value>| attrs([("id", "t-3".into()), ("ingress", Value::set(all[0].ty(), all))]);
    let mut opened = change(
        "aws_thing.firewall",
        Action::Update,
        Some(rules(vec![rule(22, "10.0.0.0/8"), rule(80, "10.0.0.0/8")])),
        Some(rules(vec![rule(443, "10.0.0.0/8"), rule(80, "10.0.0.0/8")])),
    );
    opened.attributes[0].cause = Cause::Both;
    let secret = attrs([("password", "hunter2".into()), ("user_data", "#!/bin/sh\n```\n</details>\n".into())]);
    let created = change("aws_thing.key", Action::Create, None, Some(secret));
    let mut p = plan(vec![created, opened, owner, gone, replaced]);
    p.warnings = vec![Diagnostic::warning("Check *health* failed").about("aws_thing.key")];
    p.promise.level = Some(Level::High);
    p.promise.services = vec![ServiceSummary {
        service: "web".into(),
        address: "aws_thing.web".into(),
        members: 3,
        least: 2,
        surge: 0,
        refreshed: false,
        failover: None,
        kind: ServiceKind::Targets,
        gone: false,
        unreached: false,
        removed: vec![],
        sick: vec![],
        unjudged: vec![],
        judged: true,
        later: None,
    }];
    let wave = |number: usize, member: &str| Wave {
        of: "aws_thing.web".into(),
        number,
        total: 2,
        members: vec![format!("aws_thing.web[\"{member}\"]")],
        create_first: true,
        in_place: false,
        health: Some("healthy in web_targets".into()),
        bake: 30,
        drain: 0,
        remark: None,
        on_failure: OnFailure::Rollback,
        parts: vec![],
    };
    p.promise.waves = vec![wave(1, "a"), wave(2, "b")];
    p.promise.single_points = vec![SinglePoint {
        service: "nat".into(),
        address: "aws_thing.nat".into(),
        cure: "Add a second one in another zone.".into(),
    }];
    p.promise.losses = vec![Interruption {
        service: "db".into(),
        address: "aws_thing.db".into(),
        step: 4,
        reason: InterruptionReason::Interrupted { attribute: "engine_version".into(), seconds: 300 },
        cure: String::new(),
        place: None,
        allowed: true,
    }];
    p
}

#[test]
fn each_rung_is_as_its_example() {
    let fleet = Fleet::new();
    let mut limit = LIMIT;
    let rungs = [Rung::Full, Rung::Small, Rung::Titles, Rung::Table, Rung::Line];
    for (rung, name) in rungs.into_iter().zip(["full.md", "small.md", "titles.md", "table.md", "line.md"]) {
        let preview = fleet.render(limit);
        assert_eq!(preview.rung, rung, "{limit}: {}", preview.text);
        example(&format!("preview/{name}"), &preview.text);
        limit = preview.text.chars().count();
        assert_eq!(fleet.render(limit), preview, "it fits exactly");
        limit -= 1;
    }
}

#[test]
fn no_rung_is_longer_than_the_limit() {
    let fleet = Fleet::new();
    for limit in (0..6_000).step_by(17) {
        let preview = fleet.render(limit);
        assert!(preview.text.chars().count() <= limit, "{limit}: {:?}", preview.rung);
    }
}

#[test]
fn the_page_has_all_that_the_comment_has() {
    let page = Fleet::new().with(|all, links| html::render(all, &schema, links));
    for there in [
        "<h1>Floorplan: 5 layouts</h1>",
        "<h2>Did not plan (1)</h2>",
        "<code>layouts/broken</code><ul>\n<li>Reference to undeclared variable (<code>aws_thing.__main__</code>)",
        "<th>Layout</th><th class=\"number\">Create</th>",
        "<td class=\"number\"><strong>1</strong></td>",
        "<code>cidr_block &quot;10.0.0.0/24&quot; -&gt; &quot;10.0.1.0/24&quot;</code> forces replacement",
        "<label><input type=\"checkbox\" value=\"replace\" checked> replace (1)</label>",
        "<a href=\"https://github.com/acme/net/blob/0f3c1e5/layouts/production/main.tf#L13\">",
        "<span class=\"add\">+       ingress { # tcp/443 from 10.0.0.0/8; changed in the layout and outside</span>",
        "&lt;/details&gt;",
    ] {
        assert!(page.contains(there), "{there}\n{page}");
    }
    assert!(!page.contains("hunter2") && !page.contains("style="), "{page}");
    example("preview/page.html", &page);
}

fn numbered(layout: usize, count: usize) -> Plan {
    let one = |i: usize| {
        let at = format!("module.network_{layout}.aws_thing.with_a_rather_long_name[\"eu-west-1a-{i}\"]");
        let cidr = |n: usize| Value::string(format!("10.{layout}.{}.{n}/32", i % 250));
        let before = attrs([("id", "t-1".into()), ("cidr_block", cidr(i)), ("zones", Value::strings(["a", "b"]))]);
        let after = before.clone().with("cidr_block", cidr(i + 1)).with("zones", Value::strings([format!("{i}")]));
        match i % 5 {
            0 => change(&at, Action::DeleteThenCreate, Some(before), Some(after)),
            1 => change(&at, Action::Delete, Some(before), None),
            2 => change(&at, Action::Create, None, Some(after)),
            _ => change(&at, Action::Update, Some(before), Some(after)),
        }
    };
    plan((0..count).map(one).collect())
}

fn fleet_of(plans: &[Plan]) -> Preview {
    let names: Vec<String> = (0..plans.len()).map(|i| format!("layouts/account-{i}/network")).collect();
    let place = [("123456789012".to_owned(), "eu-west-1".to_owned())];
    let one = |(name, plan)| Previewed { layout: name, places: &place, outcome: Ok(plan), file: FIRST };
    let all: Vec<Previewed<'_>> = names.iter().map(String::as_str).zip(plans).map(one).collect();
    render(&all, &schema, &Links { base: Some(BASE), place: &place_of, file: &as_typed }, LIMIT)
}

#[test]
fn five_thousand_changes_of_forty_layouts_fit() {
    let plans: Vec<Plan> = (0..40).map(|layout| numbered(layout, 125)).collect();
    let preview = fleet_of(&plans);
    assert_eq!(preview.rung, Rung::Titles);
    assert!(preview.text.len() <= 60_000, "{} bytes", preview.text.len());
    assert!(preview.text.contains("**Destroyed and replaced (2000)**") && preview.text.contains("| and 1900 more |"));
}

#[test]
fn a_change_of_the_whole_fleet_is_one_line() {
    let tagged = |i: usize| {
        let before = attrs([("id", format!("t-{i}").as_str().into()), ("tags", map([]))]);
        let after = before.clone().with("tags", map([("Owner", "net")]));
        change(&format!("aws_thing.a[{i}]"), Action::Update, Some(before), Some(after))
    };
    let plans: Vec<Plan> = (0..40).map(|_| plan((0..125).map(tagged).collect())).collect();
    let preview = fleet_of(&plans);
    assert_eq!(preview.rung, Rung::Full);
    let line = "- `+ tag Owner \"net\"`: 5000 objects in 40 layouts (`aws_thing`)\n";
    assert!(preview.text.contains(line) && !preview.text.contains("<details>"), "{}", preview.text);
}

#[test]
fn changes_that_hide_a_value_are_not_taken_for_the_same() {
    let secret = |value: &str| {
        let after = attrs([("id", "t-1".into()), ("password", value.into())]);
        let changed = change("aws_thing.a", Action::Update, Some(attrs([("id", "t-1".into())])), Some(after.clone()));
        plan(vec![changed, change("aws_thing.b", Action::Create, None, Some(after))])
    };
    let preview = fleet_of(&[secret("hunter1"), secret("hunter2")]);
    assert!(!preview.text.contains("in 2 layouts") && !preview.text.contains("hunter"), "{}", preview.text);
}

/// Text that would like to leave its place.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("```".to_owned()),
        Just("</details>".to_owned()),
        Just("</code>".to_owned()),
        Just("\n".to_owned()),
        Just("|".to_owned()),
        Just("`".to_owned()),
        Just("<!--".to_owned()),
        Just("](javascript:x)".to_owned()),
        "[a-z ]{1,5}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

/// The lines outside of fences, without spans of code.
fn outside(text: &str) -> Vec<String> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        match fence {
            Some(end) if line == end => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => fence = Some(line.trim_end_matches("diff")),
            None => lines.push(line.split('`').step_by(2).collect()),
        }
    }
    assert_eq!(fence, None, "{text}");
    lines
}

proptest! {
    #[test]
    fn nothing_leaves_its_place(layout in hostile(), key in hostile(), text in hostile()) {
        let key: crate::value::Name = key.as_str().into();
        let at = |name: &str| {
            let plain = address(&format!("aws_thing.{name}"));
            plain.resource.instance(crate::value::address::InstanceKey::Key(key.clone()))
        };
        let value = |id: &str| attrs([("id", id.into()), ("user_data", text.as_str().into()), ("cidr_block", id.into())]);
        let mut gone = change("aws_thing.a", Action::DeleteThenCreate, Some(value("1")), Some(value(&text)));
        gone.address = at("a");
        let mut made = change("aws_thing.b", Action::Create, None, Some(value("2")));
        made.address = at("b");
        let mut p = plan(vec![gone, made]);
        p.warnings = vec![Diagnostic::warning(text.clone()).about(&key)];
        let failed: Diagnostics = Diagnostic::error(text.clone()).detail(text.clone()).about(&key).into();
        let all = [
            Previewed { layout: &layout, places: &[(text.clone(), text.clone())], outcome: Ok(&p), file: FIRST },
            Previewed { layout: "b", places: &[], outcome: Err(&failed), file: FIRST },
        ];
        let place = |_: &str, _: &Address| Some((text.clone(), 1));
        let links = Links { base: Some(BASE), place: &place, file: &as_typed };
        let preview = render(&all, &schema, &links, LIMIT);
        let page = html::render(&all, &schema, &links);
        for (tag, count) in [("<script", 1), ("<details", 2), ("</details", 2), ("<section", 1), ("<!", 1), ("<style", 1)] {
            prop_assert_eq!(page.matches(tag).count(), count, "{}\n{}", tag, page);
        }
        let lines = outside(&preview.text);
        // The line of a summary is HTML, which markdown does not read.
        let has = |what: &str| lines.iter().filter(|l| !l.starts_with("<details>") && l.contains(what)).count();
        prop_assert_eq!(has("</details>"), 1);
        prop_assert_eq!(lines.iter().filter(|l| l.starts_with("<details>")).count(), 1);
        prop_assert_eq!(has("<!--"), 0);
        prop_assert_eq!(has("](javascript"), 0);
        for line in lines.iter().filter(|l| l.starts_with("| ")) {
            let cells = line.matches('|').count();
            prop_assert_eq!(cells, 5, "{}", line);
        }
    }

    #[test]
    fn no_preview_shows_what_is_sensitive(before in any_value(), after in any_value()) {
        let of = |v: Value| Some(attrs([("id", "t-1".into()), ("tags", v.clone()), ("ingress", v.clone()), ("cidr_block", v)]));
        let both = || (of(before.clone()), of(after.clone()));
        let actions = [Action::Update, Action::DeleteThenCreate];
        let mut changes: Vec<Change> =
            actions.into_iter().map(|action| change("aws_thing.a", action, both().0, both().1)).collect();
        changes.push(change("aws_thing.b", Action::Create, None, of(after.clone())));
        let whole = plan(changes.clone());
        let preview = fleet_of(&[plan(changes.clone()), plan(changes)]);
        prop_assert!(!preview.text.contains("hunter2"), "{}", preview.text);
        let all = [Previewed { layout: "a", places: &[], outcome: Ok(&whole), file: FIRST }];
        let links = Links { base: None, place: &place_of, file: &as_typed };
        let forms = [
            html::render(&all, &schema, &links),
            json(&all, &schema, &links).to_string(),
            sarif(&all, &schema, &links).to_string(),
            super::text(&all, &schema, &links, false),
            junit(&all),
        ];
        for form in forms {
            prop_assert!(!form.contains("hunter2"), "{}", form);
        }
    }
}
