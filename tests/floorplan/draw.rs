//! `floorplan draw`: pictures of real layouts in all forms, of what AWS and the state have, and of a plan's change.

use crate::support::{Run, World};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn layout(name: &str) -> String {
    root().join("layouts").join(name).to_string_lossy().into_owned()
}

/// A world with a state of its own.
struct Studio {
    world: World,
    state: String,
}

impl Studio {
    fn open() -> Self {
        let world = World::start();
        let state = world.path().join("kept").to_string_lossy().into_owned();
        Studio { world, state }
    }

    fn run(&self, command: &str, more: &[&str]) -> Run {
        self.world.floorplan(&[&[command, "--sandbox", "--state", &self.state], more].concat())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.world.path().join(name)
    }
}

/// The documentation shows the layouts as this program draws them; with `UPDATE_EXAMPLES` its pictures are made anew.
#[test]
fn the_documentation_has_the_pictures_of_the_layouts() {
    let studio = Studio::open();
    let service = ["Internet → tcp/80, tcp/443", "primary and standby", "web.member"];
    let rows = ["internet gateway", "NAT", "no way out"];
    for (name, words) in [("ha-web", service), ("hybrid", service), ("three-tier", rows)] {
        let drawn = studio.run("draw", &[&layout(name)]).succeeds().stdout;
        assert_eq!(drawn, studio.run("draw", &[&layout(name)]).succeeds().stdout, "the same layout, the same bytes");
        let path = root().join("docs/images").join(format!("{name}.svg"));
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            std::fs::write(&path, &drawn).expect("the picture is written");
        }
        let there = std::fs::read_to_string(&path).expect("a picture");
        assert!(there == drawn, "{name} looks different now; look at it, then set UPDATE_EXAMPLES=1:\n{drawn}");
        for words in words {
            assert!(drawn.contains(words), "{name}: {words}\n{drawn}");
        }
    }
}

#[test]
fn a_picture_is_written_in_each_form() {
    let studio = Studio::open();
    let draw = |name: &str| {
        let file = studio.file(name);
        let run = studio.run("draw", &[&layout("three-tier"), "-o", &file.to_string_lossy()]).succeeds();
        assert_eq!(run.stdout, "");
        assert!(run.stderr.contains("Drew three-tier to "), "{}", run.stderr);
        std::fs::read(&file).expect("a picture")
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a text");
    let svg = text(draw("x.svg"));
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(text(draw("x.html")).contains(&svg), "the page has the picture in it");
    assert!(text(draw("x.mmd")).starts_with("flowchart TB\n"));
    assert_eq!(draw("x.png")[..8], *b"\x89PNG\r\n\x1a\n");
}

#[test]
fn what_aws_has_and_what_is_stored_look_alike() {
    let studio = Studio::open();
    let quickstart = layout("quickstart");
    for option in ["--live", "--stored"] {
        let run = studio.run("draw", &[&quickstart, option]).exits(1);
        assert!(run.stderr.contains("error: There is nothing to draw"), "{}", run.stderr);
    }
    studio.run("apply", &[&quickstart, "--auto-approve"]).succeeds();
    let live = studio.run("draw", &[&quickstart, "--live"]).succeeds().stdout;
    let stored = studio.run("draw", &[&quickstart, "--stored"]).succeeds().stdout;
    let planned = studio.run("draw", &[&quickstart]).succeeds().stdout;
    assert!(live.contains("as it is in AWS") && stored.contains("as stored"));
    assert_eq!(live.replace("as it is in AWS", "as planned"), planned);
    assert_eq!(stored.replace("as stored", "as planned"), planned);
    let change = studio.run("draw", &[&quickstart, "--change"]).succeeds().stdout;
    assert!(change.contains("nothing changes") && change.contains("unchanged: "), "{change}");
}

#[test]
fn a_saved_plan_is_drawn_as_its_change() {
    let studio = Studio::open();
    let (quickstart, plan) = (layout("quickstart"), studio.file("x.plan"));
    let plan = plan.to_string_lossy();
    studio.run("plan", &[&quickstart, "--out", &plan]).succeeds();
    let saved = studio.world.floorplan(&["draw", &plan]).succeeds().stdout;
    assert!(saved.contains(">new</text>") && saved.contains(" new\""), "{saved}");
    assert_eq!(saved, studio.run("draw", &[&quickstart, "--change"]).succeeds().stdout);
    for option in ["--live", "--stored", "--change", "--var=a=1"] {
        let run = studio.world.floorplan(&["draw", &plan, option]).exits(1);
        assert!(run.stderr.contains("has no effect on a saved plan"), "{option}: {}", run.stderr);
    }
}

#[test]
fn a_picture_of_an_unknown_form_is_refused_at_once() {
    let studio = Studio::open();
    let run = studio.run("draw", &[&layout("quickstart"), "-o", "x.jpg"]).exits(1);
    assert!(run.stderr.contains("error: x.jpg has an ending that no picture has"), "{}", run.stderr);
    let run = studio.run("draw", &[&layout("quickstart"), "-o", "no/such/folder/x.svg"]).exits(1);
    assert!(run.stderr.contains("error: Cannot write no/such/folder/x.svg"), "{}", run.stderr);
}
