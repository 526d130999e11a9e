//! `floorplan graph`: which resources need which, as a picture's source.

use super::ui::Ui;
use super::{Exit, Outcome};
use crate::graph::build::{Graph, Item};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

/// Show which resources need which, for Graphviz or Mermaid
#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    /// The form
    #[arg(long, value_name = "FORM", default_value = "dot")]
    format: Form,
}

/// The forms of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For Graphviz.
    Dot,
    /// For Mermaid, which GitHub draws.
    Mermaid,
}

/// Runs the command.
pub(super) fn run(args: &GraphArgs, ui: &Ui) -> Outcome {
    let layout = super::input::layout(&args.layout, &[], ui)?;
    let (names, edges) = resources(&layout.graph);
    ui.data(&render(args.format, &names, &edges));
    Ok(Exit::Done)
}

/// The resources, and which needs which, by their places among them.
fn resources(graph: &Graph) -> (Vec<String>, BTreeSet<(usize, usize)>) {
    let all: Vec<_> = graph.order().filter(|(_, node)| matches!(node.item, Item::Resource(_))).collect();
    let names = all.iter().map(|(_, node)| node.to_string()).collect();
    let place = |index| all.iter().position(|(i, _)| *i == index);
    let needs = graph.resource_needs();
    let mut edges = BTreeSet::new();
    for (from, (index, _)) in all.iter().enumerate() {
        let of = needs.get(index).into_iter().flat_map(|n| n.direct.union(&n.indirect));
        edges.extend(of.filter_map(|need| Some((from, place(*need)?))));
    }
    (names, edges)
}

fn render(form: Form, names: &[String], edges: &BTreeSet<(usize, usize)>) -> String {
    let mut text = String::new();
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\\\""));
    match form {
        Form::Dot => {
            text.push_str("digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n");
            for name in names {
                let _ = writeln!(text, "  {};", quoted(name));
            }
            for (from, to) in edges {
                let _ = writeln!(text, "  {} -> {};", quoted(&names[*from]), quoted(&names[*to]));
            }
            text.push_str("}\n");
        }
        Form::Mermaid => {
            text.push_str("flowchart RL\n");
            for (i, name) in names.iter().enumerate() {
                let _ = writeln!(text, "  n{i}[{}]", quoted(name));
            }
            for (from, to) in edges {
                let _ = writeln!(text, "  n{from} --> n{to}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_is_written_in_each_form() {
        let names = ["aws_vpc.a".to_owned(), "aws_subnet.b".to_owned()];
        let edges = BTreeSet::from([(1, 0)]);
        insta::assert_snapshot!(render(Form::Dot, &names, &edges), @r#"
        digraph G {
          rankdir = "RL";
          node [shape = rect, fontname = "sans-serif"];
          "aws_vpc.a";
          "aws_subnet.b";
          "aws_subnet.b" -> "aws_vpc.a";
        }
        "#);
        insta::assert_snapshot!(render(Form::Mermaid, &names, &edges), @r#"
        flowchart RL
          n0["aws_vpc.a"]
          n1["aws_subnet.b"]
          n1 --> n0
        "#);
    }
}
