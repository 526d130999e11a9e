//! Functions of values that are known only after apply, and of marks beside them.

use super::answer;

#[test]
fn unknown_arguments_give_unknown_results_of_the_right_type() {
    let cases = [
        ("upper(var.string)", "(unknown string)"),
        ("join(\",\", var.list)", "(unknown string)"),
        ("join(\",\", [var.string])", "(unknown string)"),
        ("split(\",\", var.string)", "(unknown list(string))"),
        ("length(var.list)", "(unknown number)"),
        ("length([var.string, \"b\"])", "2"),
        ("keys({ a = var.string })", "[\"a\"]"),
        ("keys(var.map)", "(unknown list(string))"),
        ("merge(var.map, var.map)", "(unknown map(number))"),
        ("merge({ a = 1 }, { b = var.string })", "{\"a\" = 1, \"b\" = (unknown string)}"),
        ("concat([1], [var.string])", "[1, (unknown string)]"),
        ("concat(var.list, var.list)", "(unknown list(string))"),
        ("concat([1], var.list)", "(unknown any)"),
        ("lookup({ a = var.string, b = 1 }, \"b\", 0)", "1"),
        ("lookup(var.map, \"b\", 0)", "(unknown number)"),
        ("element([var.string, \"b\"], 1)", "\"b\""),
        ("flatten([[var.string], [1]])", "[(unknown string), 1]"),
        ("flatten([var.list])", "(unknown any)"),
        ("contains([var.string, \"b\"], \"b\")", "true"),
        ("contains([var.string], \"b\")", "(unknown bool)"),
        ("alltrue([false, tobool(var.string)])", "false"),
        ("coalesce(var.string, \"b\")", "(unknown string)"),
        ("coalesce(\"b\", var.string)", "\"b\""),
        ("tolist([var.string, 1])", "tolist([(unknown string), \"1\"])"),
        ("toset(var.list)", "(unknown set(string))"),
        ("tonumber(var.string)", "(unknown number)"),
        ("cidrsubnet(var.string, 8, 1)", "(unknown string)"),
        ("jsonencode({ a = var.string })", "(unknown string)"),
        ("jsondecode(var.string)", "(unknown any)"),
        ("regex(\"(a)(b)\", var.string)", "(unknown tuple([string, string]))"),
        ("regexall(\"a\", var.string)", "(unknown list(string))"),
        ("upper(var.any)", "(unknown string)"),
        ("zipmap([\"a\"], [var.string])", "{\"a\" = (unknown string)}"),
        ("upper(sensitive(var.string))", "(sensitive value)"),
        ("one([var.string])", "(unknown string)"),
        ("setunion([\"a\"], var.list)", "(unknown set(string))"),
    ];
    for (expression, expected) in cases {
        assert_eq!(answer(expression, false), format!("= {expected}"), "{expression}");
    }
}

#[test]
fn a_plan_does_not_know_what_differs_from_call_to_call() {
    for expression in ["timestamp()", "uuid()", "bcrypt(\"a\", 4)"] {
        assert_eq!(answer(expression, true), "= (unknown string)");
    }
    assert_eq!(answer("timestamp()", false), "= \"2023-11-14T22:13:20Z\"");
    assert_eq!(answer("plantimestamp()", true), "= \"2023-11-14T22:13:20Z\"");
    assert_eq!(answer("uuid()", false), "= \"07070707-0707-4707-8707-070707070707\"");
    assert!(answer("bcrypt(\"a\", 4)", false).starts_with("= \"$2a$04$"));
}

#[test]
fn a_failure_does_not_tell_a_sensitive_argument() {
    for expression in ["jsondecode(sensitive(\"{secret\"))", "cidrhost(sensitive(\"secret\"), 1)"] {
        let answer = answer(expression, false);
        assert!(answer.starts_with('!') && !answer.contains("secret"), "{answer}");
    }
}

#[test]
fn the_number_of_arguments_is_checked() {
    let cases = [
        ("floor()", "it expects 1 argument(s), but \"num\" is missing"),
        ("floor(1, 2)", "it expects only 1 argument(s), but got 2"),
        ("join()", "it expects at least 1 argument(s), but \"separator\" is missing"),
    ];
    for (expression, expected) in cases {
        assert!(answer(expression, false).contains(expected), "{expression}: {}", answer(expression, false));
    }
}
