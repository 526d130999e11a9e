//! `preview --format`: each form of one preview, as the program that reads it takes it.

use crate::support::{Run, World};
use serde_json::{Value, json};

/// Layouts that need no AWS: one whose objects go and change, one that is new, and one that cannot be planned.
fn world() -> World {
    let world = World::start();
    let net = |rest: &str| format!("layout {{\n  name = \"net\"\n}}\n\n{rest}");
    let block = |name: &str, why: &str| {
        format!("resource \"terraform_data\" \"{name}\" {{\n  triggers_replace = \"{why}\"\n}}\n")
    };
    world.write("layouts/net/main.hcl", &net(&[block("gone", "a"), block("web", "a")].concat()));
    world.floorplan(&["apply", "layouts/net", "--auto-approve"]).succeeds();
    world.write("layouts/net/main.hcl", &net(&block("web", "b")));
    world.write("layouts/new/main.hcl", &format!("layout {{\n  name = \"new\"\n}}\n\n{}", block("x", "a")));
    world.write("layouts/broken/main.hcl", "layout {\n  name = \"broken\"\n}\n\noutput \"x\" {\n  value = var.x\n}\n");
    world
}

fn preview(world: &World, form: &str) -> Run {
    world.floorplan(&["preview", "--format", form]).exits(1)
}

#[test]
fn every_form_has_what_goes_and_what_fails() {
    let world = world();
    let markdown = preview(&world, "markdown").stdout;
    let text = preview(&world, "text").stdout;
    assert!(
        markdown.contains("**Did not plan (1)**") && markdown.contains("**Destroyed and replaced (2)**"),
        "{markdown}"
    );
    for there in [
        "Did not plan (1):\n  layouts/broken\n",
        "\nDestroyed and replaced (2):\n",
        "\n  destroy terraform_data.gone, in layouts/net: ",
        "\n  replace terraform_data.web, in layouts/net: ",
        "\nlayouts/new:\n\n",
    ] {
        assert!(text.contains(there), "{there}\n{text}");
    }

    let report: Value = serde_json::from_str(&preview(&world, "json").stdout).unwrap();
    let wanted = json!({
        "layouts": 3, "deleted": 0, "failed": 1, "forbidden": 0, "create": 1, "update": 0, "replace": 1, "destroy": 1,
        "forget": 0, "import": 0, "move": 0, "outputs": 0, "exposed": 0, "interrupted": 0, "drift": 0,
    });
    assert_eq!((&report["format"], &report["summary"]), (&json!(1), &wanted));
    let found: Vec<String> = report["layouts"].as_array().unwrap().iter().flat_map(lines).collect();
    assert_eq!(
        found,
        [
            "layouts/broken failed undeclared-variable layouts/broken/main.hcl:6",
            "layouts/net delete terraform_data.gone null:null",
            "layouts/net delete,create terraform_data.web \"layouts/net/main.hcl\":5",
            "layouts/new create terraform_data.x \"layouts/new/main.hcl\":5",
        ]
    );

    let scan: Value = serde_json::from_str(&preview(&world, "sarif").stdout).unwrap();
    let results = scan["runs"][0]["results"].as_array().unwrap().iter().map(|result| {
        let place = &result["locations"][0]["physicalLocation"];
        format!(
            "{} {}:{}",
            result["ruleId"].as_str().unwrap(),
            place["artifactLocation"]["uri"].as_str().unwrap(),
            place["region"]["startLine"]
        )
    });
    let results: std::collections::BTreeSet<String> = results.collect();
    assert_eq!(
        Vec::from_iter(results),
        [
            "preview/destroys layouts/net/main.hcl:1",
            "preview/failed layouts/broken/main.hcl:6",
            "preview/replaces layouts/net/main.hcl:5",
        ]
    );

    let tests = preview(&world, "junit").stdout;
    let tests = roxmltree::Document::parse(&tests).unwrap();
    let failed = tests.descendants().filter(|node| node.has_tag_name("failure"));
    let failed: Vec<_> = failed.filter_map(|node| node.parent()?.attribute("name")).collect();
    assert_eq!((failed, tests.root_element().attribute("tests")), (vec!["layouts/broken"], Some("3")));
    assert!(preview(&world, "html").stdout.starts_with("<!doctype html>"));
}

/// The changes of a layout, or why there are none, a line each.
fn lines(layout: &Value) -> Vec<String> {
    let name = layout["layout"].as_str().unwrap();
    if layout["status"] == "failed" {
        let d = &layout["diagnostics"][0];
        let (file, line) = (d["range"]["filename"].as_str().unwrap(), &d["range"]["start"]["line"]);
        return vec![format!("{name} failed {} {file}:{line}", d["code"].as_str().unwrap())];
    }
    let one = |change: &Value| {
        let actions: Vec<&str> =
            change["change"]["actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let address = change["address"].as_str().unwrap();
        format!("{name} {} {address} {}:{}", actions.join(","), change["file"], change["line"])
    };
    let mut all: Vec<String> = layout["changes"].as_array().unwrap().iter().map(one).collect();
    all.sort();
    all
}

#[test]
fn a_limit_is_for_a_comment() {
    let world = World::start();
    world.write("layouts/net/main.hcl", "layout {\n  name = \"net\"\n}\n");
    let run = world.floorplan(&["preview", "--format", "json", "--limit", "9"]).exits(1);
    assert!(run.stderr.contains("--limit is for a comment") && run.stdout.is_empty(), "{run:?}");
    world.floorplan(&["preview", "--html", "--limit", "9"]).exits(1);
    world.floorplan(&["preview", "--limit", "9000"]).succeeds();
}
