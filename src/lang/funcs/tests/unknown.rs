//! What functions make of values that are known only after apply, and of marks beside them.

use super::answer;

#[test]
fn unknown_arguments_give_unknown_results_of_the_right_type() {
    let cases = [
        ("upper(a_string)", "(unknown string)"),
        ("join(\",\", a_list)", "(unknown string)"),
        ("join(\",\", [a_string])", "(unknown string)"),
        ("split(\",\", a_string)", "(unknown list(string))"),
        ("length(a_list)", "(unknown number)"),
        ("length([a_string, \"b\"])", "2"),
        ("keys({ a = a_string })", "[\"a\"]"),
        ("keys(a_map)", "(unknown list(string))"),
        ("merge(a_map, a_map)", "(unknown map(number))"),
        ("merge({ a = 1 }, { b = a_string })", "{\"a\" = 1, \"b\" = (unknown string)}"),
        ("concat([1], [a_string])", "[1, (unknown string)]"),
        ("concat(a_list, a_list)", "(unknown list(string))"),
        ("concat([1], a_list)", "(unknown any)"),
        ("lookup({ a = a_string, b = 1 }, \"b\", 0)", "1"),
        ("lookup(a_map, \"b\", 0)", "(unknown number)"),
        ("element([a_string, \"b\"], 1)", "\"b\""),
        ("flatten([[a_string], [1]])", "[(unknown string), 1]"),
        ("flatten([a_list])", "(unknown any)"),
        ("contains([a_string, \"b\"], \"b\")", "true"),
        ("contains([a_string], \"b\")", "(unknown bool)"),
        ("alltrue([false, tobool(a_string)])", "false"),
        ("coalesce(a_string, \"b\")", "(unknown string)"),
        ("coalesce(\"b\", a_string)", "\"b\""),
        ("tolist([a_string, 1])", "tolist([(unknown string), \"1\"])"),
        ("toset(a_list)", "(unknown set(string))"),
        ("tonumber(a_string)", "(unknown number)"),
        ("cidrsubnet(a_string, 8, 1)", "(unknown string)"),
        ("jsonencode({ a = a_string })", "(unknown string)"),
        ("jsondecode(a_string)", "(unknown any)"),
        ("regex(\"(a)(b)\", a_string)", "(unknown tuple([string, string]))"),
        ("regexall(\"a\", a_string)", "(unknown list(string))"),
        ("upper(anything)", "(unknown string)"),
        ("zipmap([\"a\"], [a_string])", "{\"a\" = (unknown string)}"),
        ("upper(sensitive(a_string))", "(sensitive value)"),
        ("one([a_string])", "(unknown string)"),
        ("setunion([\"a\"], a_list)", "(unknown set(string))"),
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
