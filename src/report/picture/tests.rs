//! The picture against its promises. The judge reads the SVG as a reader's program does and shares nothing with what
//! gives things their place: boxes do not overlap, texts lie in their boxes, sizes keep their limits.

use super::{Changed, Form, Subject, draw, samples};
use crate::network::Object;
use roxmltree::{Document, Node};
use std::sync::LazyLock;

fn subject<'a>(title: &'a str, objects: &'a [Object]) -> Subject<'a> {
    Subject { title, subtitle: "as planned", objects, change: None }
}

fn svg(title: &str, objects: &[Object]) -> String {
    draw(&subject(title, objects), Form::Svg).expect("a picture")
}

fn changed(form: Form) -> String {
    let (before, objects, (touched, waves)) = samples::change();
    let change = Some(Changed { before: &before, touched, waves });
    let subject = Subject { title: "hybrid", subtitle: "1 new, 2 replaced, 1 removed", objects: &objects, change };
    draw(&subject, form).expect("a picture")
}

/// Three subnets, and a name of each kind that is longer than its box.
fn small() -> Vec<Object> {
    let mut all = samples::hybrid();
    all.retain(|object| !object.address.contains("eu-central-1b") && !object.address.contains("eu-central-1c"));
    all
}

static PICTURES: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(|| {
    vec![
        ("small", svg("small", &small())),
        ("three-tier", svg("three-tier", &samples::three_tier())),
        ("hybrid", svg("hybrid", &samples::hybrid())),
        ("peered", svg("peered", &samples::peered())),
        ("large", svg("large", &samples::large())),
        ("change", changed(Form::Svg)),
    ]
});

fn picture(name: &str) -> &'static str {
    PICTURES.iter().find(|(one, _)| *one == name).map(|(_, text)| text.as_str()).expect("a picture")
}

#[derive(Debug, Clone)]
struct Seen {
    classes: Vec<String>,
    about: String,
    /// Left, top, right, bottom.
    edges: [f64; 4],
    texts: Vec<(f64, f64, f64, String)>,
}

fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).map_or(0.0, |text| text.parse().expect("a number"))
}

/// The size of a text's letters, by the rules of the style sheet for its classes.
fn letters(style: &str, class: &str) -> f64 {
    let of = |class: &str| {
        let rule = style.lines().find(|line| line.starts_with(&format!(".floorplan .{class}{{")))?;
        let (_, rest) = rule.split_once("font-size:")?;
        rest.split("px").next()?.parse().ok()
    };
    class.split(' ').find_map(of).unwrap_or(12.0)
}

fn boxes(text: &str) -> Vec<Seen> {
    let document = Document::parse(text).expect("XML");
    let style =
        document.descendants().find(|node| node.has_tag_name("style")).and_then(|node| node.text()).expect("a style");
    let mut all = Vec::new();
    for group in document.descendants().filter(|node| node.has_tag_name("g")) {
        let place = group.attribute("transform").and_then(|text| text.strip_prefix("translate("));
        let (x, y) = place.and_then(|text| text.trim_end_matches(')').split_once(',')).expect("a place");
        let (x, y): (f64, f64) = (x.parse().expect("a number"), y.parse().expect("a number"));
        let area = group.children().find(|node| node.has_tag_name("rect")).expect("a box");
        let edges = [x, y, x + number(&area, "width"), y + number(&area, "height")];
        let texts = group.children().filter(|node| node.has_tag_name("text")).map(|node| {
            let size = letters(style, node.attribute("class").unwrap_or_default());
            assert!(size >= 11.0, "letters of {size} pixels");
            (x + number(&node, "x"), y + number(&node, "y"), size, node.text().unwrap_or_default().to_owned())
        });
        let title = group.children().find(|node| node.has_tag_name("title"));
        all.push(Seen {
            classes: group.attribute("class").unwrap_or_default().split(' ').map(str::to_owned).collect(),
            about: title.and_then(|node| node.text()).unwrap_or_default().to_owned(),
            edges,
            texts: texts.collect(),
        });
    }
    all
}

fn overlap(one: &Seen, two: &Seen) -> bool {
    let ([a, b, c, d], [e, f, g, h]) = (one.edges, two.edges);
    a < g && e < c && b < h && f < d
}

fn within(inner: &Seen, outer: &Seen) -> bool {
    let ([a, b, c, d], [e, f, g, h]) = (inner.edges, outer.edges);
    a >= e && b >= f && c <= g && d <= h
}

#[test]
fn the_same_objects_give_the_same_bytes() {
    for (name, mut objects) in [("hybrid", samples::hybrid()), ("large", samples::large())] {
        objects.reverse();
        assert_eq!(picture(name), svg(name, &objects), "{name}: the order of the objects does not matter");
    }
}

#[test]
fn a_small_change_is_a_small_difference() {
    let before = picture("hybrid");
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let differing = |objects: &[Object]| {
        let after = lines(&svg("hybrid", objects));
        let before = lines(before);
        let gone = before.iter().filter(|line| !after.contains(line)).count();
        gone.max(after.iter().filter(|line| !before.contains(line)).count())
    };
    let mut objects = samples::hybrid();
    let at = objects.iter().position(|one| &*one.address == "module.database.aws_db_instance.this").expect("one");
    let mut json = crate::value::json::to_json(&objects[at].attributes);
    json["engine_version"] = "8.4".into();
    objects[at].attributes = crate::value::json::from_json(&json).expect("values");
    assert_eq!(differing(&objects), 1, "another version is another line");
    objects = samples::hybrid();
    objects.retain(|one| !one.address.contains("plant"));
    let count = differing(&objects);
    assert!((1..=12).contains(&count), "a site less is {count} lines");
}

#[test]
fn pictures_keep_their_limits() {
    for (name, text) in PICTURES.iter() {
        let document = Document::parse(text).expect("XML");
        let root = document.root_element();
        assert!(number(&root, "width") <= 1_600.0, "{name} is {} wide", number(&root, "width"));
        assert!(text.len() < 200_000, "{name} has {} bytes", text.len());
        let all = boxes(text);
        let edge = [number(&root, "width"), number(&root, "height")];
        for one in &all {
            assert!(one.edges[0] >= 0.0 && one.edges[2] <= edge[0] && one.edges[3] <= edge[1], "{name}: {one:?}");
        }
    }
    let rooms = boxes(picture("large"));
    assert_eq!(rooms.iter().filter(|one| one.classes[0] == "room").count(), 60);
}

#[test]
fn boxes_do_not_overlap_and_lie_in_each_other() {
    for (name, text) in PICTURES.iter() {
        let all = boxes(text);
        let of = |class: &str| all.iter().filter(|one| one.classes[0] == class).collect::<Vec<_>>();
        for class in ["house", "row", "room", "bar", "chip", "neighbour", "gate", "street"] {
            let alike = of(class);
            for (i, one) in alike.iter().enumerate() {
                let other = alike[..i].iter().find(|other| overlap(one, other));
                assert!(other.is_none(), "{name}: {one:?} and {other:?}");
            }
        }
        for (class, outer) in [("row", "house"), ("room", "row"), ("bar", "row")] {
            let outer = of(outer);
            for one in of(class) {
                assert!(outer.iter().any(|other| within(one, other)), "{name}: {one:?} is in nothing");
            }
        }
        for bar in of("bar") {
            assert!(!of("room").iter().any(|room| overlap(bar, room)), "{name}: {bar:?}");
        }
        // Those of the legend are in nothing.
        for chip in of("chip").into_iter().filter(|chip| !chip.about.is_empty()) {
            assert_eq!(of("room").iter().filter(|room| overlap(chip, room)).count(), 1, "{name}: {chip:?}");
            assert!(of("room").iter().any(|room| within(chip, room)), "{name}: {chip:?}");
        }
    }
}

#[test]
fn texts_lie_in_their_boxes() {
    for (name, text) in PICTURES.iter() {
        for one in boxes(text) {
            for (x, y, size, words) in &one.texts {
                let wide = words.chars().count() as f64 * size * 0.5;
                assert!(x + wide <= one.edges[2], "{name}: {words:?} leaves {one:?}");
                assert!(
                    y - size * 0.8 >= one.edges[1] && y + size * 0.25 <= one.edges[3],
                    "{name}: {words:?} in {one:?}"
                );
            }
            for (i, (x, y, ..)) in one.texts.iter().enumerate() {
                let apart = |other: &(f64, f64, f64, String)| other.0 != *x || (other.1 - y).abs() >= 14.0;
                assert!(one.texts[..i].iter().all(apart), "{name}: lines of {one:?} touch");
            }
        }
    }
}

#[test]
fn long_names_are_cut_and_hostile_ones_are_text() {
    let long = "a".repeat(200);
    let hostile = "</text><script>alert(1)</script>&\"'";
    let mut objects = samples::hybrid();
    for (i, name) in [long.as_str(), hostile].into_iter().enumerate() {
        let address = format!("aws_instance.x[\"{}\"]", name.replace('"', "\\\""));
        let attributes = serde_json::json!({
            "subnet_id": "module.network.aws_subnet.private[\"eu-central-1a\"]", "instance_type": name,
            "private_ip": format!("10.0.64.{}", 20 + i), "public_ip": "", "vpc_security_group_ids": [],
        });
        objects.push(Object {
            address: address.as_str().into(),
            type_name: "aws_instance".into(),
            attributes: crate::value::json::from_json(&attributes).expect("values"),
        });
    }
    let text =
        draw(&Subject { title: hostile, subtitle: &long, objects: &objects, change: None }, Form::Svg).expect("one");
    assert!(!text.contains("<script"), "{text}");
    for one in boxes(&text) {
        for (x, _, size, words) in &one.texts {
            assert!(x + words.chars().count() as f64 * size * 0.5 <= one.edges[2], "{words:?} leaves {one:?}");
        }
    }
    let page = draw(&subject(hostile, &objects), Form::Html).expect("a page");
    assert!(!page.contains("<script") && page.contains("default-src 'none'"));
    let diagram = draw(&subject(hostile, &objects), Form::Mermaid).expect("a diagram");
    assert!(!diagram.contains("<script"), "{diagram}");
}

#[test]
fn a_change_opens_what_is_touched_and_folds_the_rest() {
    let text = picture("change");
    let all = boxes(text);
    let with =
        |words: &str| all.iter().filter(|one| one.texts.iter().any(|(.., text)| text == words)).collect::<Vec<_>>();
    let jump = with("jump");
    assert_eq!(jump.len(), 1);
    assert!(jump[0].classes.contains(&"new".to_owned()) && jump[0].classes.contains(&"alarm".to_owned()), "{jump:?}");
    assert_eq!(with("Internet → tcp/22").len(), 1);
    assert_eq!((with("replaced, wave 1").len(), with("replaced, wave 2").len()), (1, 1));
    assert!(with("bastion")[0].classes.contains(&"gone".to_owned()));
    assert_eq!(with("unchanged: 3 subnets, 1 database").len(), 1, "a row without a change is a line");
    assert_eq!(with("unchanged: 1 server").len(), 1);
    assert_eq!(with("web.member").len(), 2, "what is folded is not shown");
    assert!(text.contains("class=\"line exposed\""), "new exposure is a line of its own");
    for pattern in ["new", "replaced", "removed"] {
        assert!(text.contains(&format!("fill=\"url(#{pattern})\"")), "{pattern} is hatched");
    }
}

#[test]
fn the_internet_reaches_what_the_model_says() {
    let all = boxes(picture("hybrid"));
    let lines = |title: &str| {
        let one = all.iter().find(|one| one.texts.iter().any(|(.., text)| text == title)).expect("one");
        one.texts.iter().map(|(.., text)| text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(lines("web"), ["web", "application balancer", "Internet → tcp/80, tcp/443"]);
    assert_eq!(lines("web.member"), ["web.member", "server · t3.small", "VPN → tcp/22", "web → tcp/80"]);
    assert_eq!(lines("database"), ["database", "mysql 8.0 · primary and standby", "web.member → tcp/3306"]);
    assert_eq!(lines("vpn office"), ["vpn office", "site", "203.0.113.10", "192.168.10.0/24", "2 tunnels"]);
    assert_eq!(lines("s3"), ["s3", "service of AWS"]);
}

#[test]
fn tiers_follow_routes_and_what_is_in_them() {
    let all = boxes(picture("hybrid"));
    let rows = all.iter().filter(|one| one.classes[0] == "row").map(|one| one.classes[1].as_str());
    assert_eq!(rows.collect::<Vec<_>>(), ["public", "private", "data"]);
}

#[test]
fn a_diagram_has_less_than_fifty_nodes() {
    for (name, objects) in [("hybrid", samples::hybrid()), ("large", samples::large())] {
        let text = draw(&subject(name, &objects), Form::Mermaid).expect("a diagram");
        let nodes = text.lines().filter(|line| {
            let line = line.trim_start();
            line.contains("[\"") && !line.starts_with("subgraph") || line.contains("((")
        });
        let count = nodes.count();
        assert!((5..50).contains(&count), "{name} has {count} nodes:\n{text}");
    }
}

#[test]
fn a_change_as_a_diagram() {
    insta::assert_snapshot!(changed(Form::Mermaid), @r##"
    flowchart TB
      internet((Internet))
      vpn((VPN))
      subgraph h0["network 10.0.0.0/16"]
        n0["public: 3 subnets"]
        n1["NAT ×2"]
        n2["bastion · server · t3.nano · removed"]:::removed
        n3["jump · server · t3.nano · 198.51.100.22 · new"]:::new
        n4["web · application balancer"]
        n5["private: 3 subnets, NAT"]
        n6["web.member ×2 · replaced"]:::replaced
        n7["data: unchanged: 3 subnets, 1 database"]
      end
      o0["vpn office · 203.0.113.10 · 192.168.10.0/24"]
      o1["vpn plant · 203.0.113.77 · 192.168.20.0/24"]
      o2["network.gateway s3 · s3"]
      internet ==>|new| n3
      internet --> n4
      n4 --> n6
      vpn --> n6
      h0 --- o0
      h0 --- o1
      h0 --- o2
      linkStyle 0 stroke:#c21818,stroke-width:4px
      classDef new stroke:#116329,stroke-width:3px
      classDef changed stroke:#b58900,stroke-width:3px
      classDef replaced stroke:#6b2c91,stroke-width:3px,stroke-dasharray:8 3
      classDef removed stroke:#a40e26,stroke-width:3px,stroke-dasharray:3 3
    "##);
}

#[test]
fn objects_without_a_network_have_no_picture() {
    assert_eq!(draw(&subject("empty", &[]), Form::Svg), None);
    // A hub is a part of a network though it has no VPC.
    let mut hub = samples::large();
    hub.retain(|object| {
        ["aws_ec2_transit_gateway", "aws_customer_gateway", "aws_vpn_connection"].contains(&&*object.type_name)
    });
    let text = svg("hub", &hub);
    assert!(text.contains(">hub</text>") && text.contains(">office</text>"), "{text}");
    assert_eq!(boxes(&text).len(), 2);
}

#[test]
fn what_is_not_known_is_drawn_as_such() {
    let attributes = serde_json::json!({ "id": "i-1", "instance_type": "t3.nano" });
    let object = |address: &str| Object {
        address: address.into(),
        type_name: address.split('.').next().unwrap_or_default().into(),
        attributes: crate::value::json::from_json(&attributes).expect("values"),
    };
    let text = svg("lost", &[object("aws_instance.lost")]);
    assert!(
        text.contains("network not known") && text.contains("subnet not known") && text.contains(">lost<"),
        "{text}"
    );
    let circle = [object("aws_vpc.a"), object("aws_subnet.b")];
    assert!(draw(&subject("bare", &circle), Form::Svg).is_some());
}

/// The pictures of the documentation, as the same program draws them.
#[test]
fn the_documentation_has_these_pictures() {
    // Those of layouts are made from the layouts: tests/floorplan/draw.rs.
    for (name, text) in PICTURES.iter().filter(|(name, _)| ["large", "change"].contains(name)) {
        crate::report::testing::example(&format!("../../docs/images/{name}.svg"), text);
    }
}
