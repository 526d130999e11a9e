use super::*;
use crate::diag::render;

fn error(text: &str) -> String {
    match parse("main.tf", text.as_bytes()) {
        Ok(_) => "parsed".into(),
        Err(d) => render(&d, false),
    }
}

#[test]
fn a_body_keeps_names_labels_and_spans() {
    let text = "\u{feff}a = 1\nresource \"aws_vpc\" main {\n  tags = { x : 1, (k) = 2 }\n  inner { b = 2 }\n}\n";
    let file = parse("main.tf", text.as_bytes()).unwrap();
    let a = file.body.attribute("a").unwrap();
    assert_eq!((a.name_span.text(), a.expr.span().text()), ("a", "1"));
    let block = file.body.blocks().next().unwrap();
    let labels: Vec<_> = block.labels.iter().map(|(l, s)| (&**l, s.text())).collect();
    assert_eq!(labels, [("aws_vpc", "\"aws_vpc\""), ("main", "main")]);
    assert_eq!(block.span.text(), "resource \"aws_vpc\" main");
    assert_eq!(block.body.blocks_of("inner").count(), 1);
}

#[test]
fn an_unclosed_block_names_the_block_that_was_opened() {
    insta::assert_snapshot!(error("resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n\nresource \"aws_vpc\" \"b\" {\n}\n"), @r#"
    error: Unclosed configuration block
     --> main.tf:1:1
      |
    1 | resource "aws_vpc" "a" {
      | ^^^^^^^^^^^^^^^^^^^^^^^^ opened here, never closed
      There is no closing brace for this block, opened on line 1, before the end of the file. This may be caused by incorrect nesting elsewhere in this file.
    "#);
}

#[test]
fn an_unclosed_parenthesis_names_the_call() {
    insta::assert_snapshot!(error("a = merge(\n  {},\n"), @r#"
    error: Unclosed function call
     --> main.tf:1:5
      |
    1 | a = merge(
      |     ^^^^^^ opened here, never closed
      There is no closing parenthesis ")" for this function call, opened on line 1, before the end of the file. This may be caused by incorrect nesting elsewhere in this file.
    "#);
}

#[test]
fn a_missing_brace_of_an_object_is_shown_where_it_was_opened() {
    insta::assert_snapshot!(error("a = {\n  b = 1\n"), @r#"
    error: Unclosed object
     --> main.tf:1:5
      |
    1 | a = {
      |     ^ opened here, never closed
      There is no closing brace for this object, opened on line 1, before the end of the file. This may be caused by incorrect nesting elsewhere in this file.
    "#);
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{", "}"), ("\"${", "}\"")] {
        let text = format!("a = {}1{}\n", open.repeat(10_000), close.repeat(10_000));
        let d = parse("main.tf", text.as_bytes()).unwrap_err();
        assert_eq!(d.summary, "Nesting too deep", "{open}");
    }
    let text = format!("a = {}1\n", "!".repeat(10_000));
    assert_eq!(parse("main.tf", text.as_bytes()).unwrap_err().summary, "Nesting too deep");
    let text = format!("a = {}1\n", "1 ? 1 : ".repeat(10_000));
    assert_eq!(parse("main.tf", text.as_bytes()).unwrap_err().summary, "Nesting too deep");
    let text = format!("a = 1{}\n", " + 1".repeat(10_000));
    assert_eq!(parse("main.tf", text.as_bytes()).unwrap_err().summary, "Expression too long");
}

#[test]
fn text_that_is_not_utf8_is_refused_with_its_line() {
    let d = parse("main.tf", b"a = 1\nb = \"\xff\"\n").unwrap_err();
    assert_eq!(d.summary, "main.tf is not UTF-8");
    assert_eq!(d.detail, "The byte 0xff on line 2 (offset 11) is not part of any UTF-8 character.");
}

#[test]
fn a_huge_file_is_refused_unread() {
    let bytes = vec![b' '; MAX_BYTES + 1];
    assert_eq!(parse("main.tf", &bytes).unwrap_err().summary, "main.tf is too large");
}

#[test]
fn references_are_found_without_the_names_that_for_binds() {
    let text =
        r#"{for k, v in var.a : "${k}-${local.b}" => aws_vpc.main[v].id if data.aws_ami.x["y"].z[*].id != each.key}"#;
    let expr = parse_expression("main.tf", text).unwrap();
    let found: Vec<_> = expr.references().iter().map(ToString::to_string).collect();
    assert_eq!(found, ["var.a", "local.b", "aws_vpc.main[v].id", "data.aws_ami.x[\"y\"].z[*].id", "each.key"]);
}

#[test]
fn structural_mistakes_say_what_was_expected() {
    let cases = [
        ("a = 1\na = 2\n", "Attribute redefined"),
        ("a = 1 b = 2\n", "Missing newline"),
        ("a = 1, b = 2\n", "Missing newline"),
        ("a {} b {}\n", "Missing newline"),
        ("a { b {} }\n", "Invalid single-argument block definition"),
        ("a { b = 1, c = 2 }\n", "Invalid single-argument block definition"),
        ("a { b = 1\n}\n", "Invalid single-argument block definition"),
        ("a \"x\"\n{\n}\n", "Invalid block definition"),
        ("a\n", "Invalid block definition"),
        ("a \"x\" = 1\n", "Invalid block definition"),
        ("a : 1\n", "Invalid argument"),
        ("\"a\" = 1\n", "Invalid argument name"),
        ("a \"${b}\" {}\n", "Invalid string literal"),
        ("}\n", "Unexpected closing brace"),
        ("1 = 2\n", "Argument or block definition required"),
        ("a = \n", "Missing expression"),
        ("a = \"x\n\"\n", "Invalid multi-line string"),
        ("a = <<EOT\nx\n", "Unterminated heredoc"),
        ("a = << EOT\nx\n", "Invalid heredoc"),
        ("a = \u{201c}x\u{201d}\n", "Invalid character"),
        ("a = foo(1\nb = 2\n", "Missing argument separator"),
        ("a = [1 2]\n", "Missing item separator"),
        ("a = { b = 1 c = 2 }\n", "Missing attribute separator"),
    ];
    for (text, summary) in cases {
        let d = parse("main.tf", text.as_bytes()).unwrap_err();
        assert_eq!(d.summary, summary, "{text}");
        assert!(d.span.is_some(), "{text}");
    }
}

#[test]
fn what_terraform_accepts_is_accepted() {
    for text in [
        "",
        "\n\n",
        "a = 1",
        "a = 1 # c",
        "a {}",
        "a { b = 1 }",
        "a b \"c\" {\n}\n",
        "a = 1\r\nb {\r\n  c = [\r\n  ]\r\n}\r\n",
        "a = /* x */ 1\n// c\n# d\n/* e\n*/\n",
        "a = <<EOT\n${\"}\"} EOT\n  EOT\n",
        "a-b = c-d.e-f\n",
        "a = b ? c : d ? e : f\n",
        "a = [for x in y: x]\n",
        "é = 1\n",
    ] {
        assert!(parse("main.tf", text.as_bytes()).is_ok(), "{text}");
    }
}
