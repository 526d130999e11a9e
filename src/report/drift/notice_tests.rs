use super::tests::layouts;
use super::*;
use crate::drift::{LayoutDrift, Outcome};

fn net() -> LayoutDrift {
    let mut net = layouts().remove(0);
    let first = net.findings[0].fingerprint(&net.layout);
    net.since.insert(first, "2026-11-30T06:00:00Z".into());
    net
}

fn clean() -> LayoutDrift {
    LayoutDrift::new("web", "layouts/web", Outcome::Looked)
}

#[test]
fn a_subject_says_it_in_a_line() {
    assert_eq!(subject(&[net(), clean()]), "Floorplan: net (my net): 4 findings (1 opens, 1 interrupts, 2 changes)");
    assert_eq!(subject(&[net(), net()]), "Floorplan: 8 findings in 2 layouts (2 opens, 2 interrupts, 4 changes)");
    assert_eq!(subject(&[clean()]), "Floorplan: no drift any more in layouts/web");
    assert_eq!(subject(&[clean(), clean()]), "Floorplan: no drift any more in 2 layouts");
    let odd = LayoutDrift::new("ünet\n", "x".repeat(200), Outcome::Looked);
    let line = subject(&[odd]);
    assert_eq!(line.len(), 99);
    assert!(line.starts_with("Floorplan: no drift any more in ?net? (xxx") && line.ends_with("..."), "{line}");
}

#[test]
fn a_message_has_all_and_says_what_it_leaves_out() {
    let whole = message(&[net(), clean()], 10_000);
    assert!(whole.starts_with("net (my net): 4 findings"), "{whole}");
    assert!(whole.contains("my net/main.tf:12, since 2026-11-30 06:00 UTC)"), "{whole}");
    assert!(whole.ends_with("\nlayouts/web: no drift any more.\n"), "{whole}");
    assert_eq!(message(&[clean()], 10_000), "layouts/web: no drift any more.\n");
    for limit in [whole.len(), whole.len() - 1, 200, 100] {
        let cut = message(&[net(), clean()], limit);
        assert!(cut.len() <= limit, "{limit}: {cut}");
        let kept = cut.lines().count() - 1;
        let left = whole.lines().count() - kept;
        let last = if left == 1 { "line".to_owned() } else { "lines".to_owned() };
        let says = format!("{left} {last} left out. `floorplan drift` shows all.\n");
        assert!(cut == whole || cut.ends_with(&says), "{limit}: {cut}");
    }
}

#[test]
fn an_issue_is_open_while_there_are_findings() {
    let issue = issue(&net());
    assert_eq!((issue.title.as_str(), issue.open), ("Drift: net (my net)", true));
    assert!(issue.body.starts_with("### Floorplan: drift\n") && issue.body.contains("4 findings in 1 layout"));
    assert!(issue.body.contains("<br>since 2026-11-30 06:00 UTC |"), "{}", issue.body);
    let closed = super::issue(&clean());
    insta::assert_snapshot!(closed.body, @r"
    ### Floorplan: drift

    Nothing of `layouts/web` differs any more.

    <sub>`floorplan drift` writes this issue anew when the findings change, and closes it once nothing differs.</sub>
    ");
    assert!(!closed.open);
    let mut long = net();
    long.findings = std::iter::repeat_n(long.findings[0].clone(), 2000).collect();
    assert!(super::issue(&long).body.len() < 65_536 - 400);
}

#[test]
fn slack_gets_a_block_for_each_layout() {
    let message = slack(&[clean(), net()]);
    assert_eq!(message["blocks"][0]["text"]["type"], "plain_text");
    assert_eq!(message["text"], "Floorplan: net (my net): 4 findings (1 opens, 1 interrupts, 2 changes)");
    insta::assert_snapshot!(message["blocks"][1]["text"]["text"].as_str().unwrap(), @r#"
    *net (my net): 4 findings (1 opens, 1 interrupts, 2 changes)*
    • `aws_security_group.web["a'b"]` was changed: lets more through (opens)
            ingress: "tcp port 22, 0.0.0.0/0" was added
            ingress: "tcp port 443, 10.0.0.0/8" is gone
            tags["Name"]: "b" instead of "a"
            tags["Team"]: "b"; the state has "a", the layout wants "c"
            and 1 more
            since 2026-11-30 06:00 UTC
    • `aws_subnet.a` is gone from AWS: lets more through (interrupts)
    • `aws_vpc.v` was left half done: lets more through (changes)
            the run that began at 2026-01-02T03:04:05Z was about to create it; AWS has no such object
    • `aws_subnet sg-1` is unmanaged: lets more through (changes)
    "#);
    assert_eq!(message["blocks"][2]["text"]["text"], "*layouts/web*: no drift any more");
    assert_eq!(message["blocks"].as_array().unwrap().len(), 3);
}

#[test]
fn the_limits_of_slack_are_kept() {
    let mut long = net();
    long.findings = std::iter::repeat_n(long.findings[0].clone(), 2000).collect();
    let odd = LayoutDrift { layout: "<!channel>".into(), ..long.clone() };
    let all: Vec<LayoutDrift> = std::iter::repeat_n(odd, 60).collect();
    let message = slack(&all);
    let blocks = message["blocks"].as_array().unwrap();
    assert_eq!(blocks.len(), 22);
    assert!(blocks[0]["text"]["text"].as_str().unwrap().chars().count() <= 150);
    for block in &blocks[1..] {
        assert!(block["text"]["text"].as_str().unwrap().chars().count() <= 3000);
    }
    assert!(!message.to_string().contains("<!channel>"));
    assert_eq!(blocks[21]["text"]["text"], "40 more layouts have changed. `floorplan drift` shows all.");
    let words = format!("{}{}", slack(&[net()]), super::message(&[net()], 10_000));
    assert!(!words.contains("hunter2"));
}
