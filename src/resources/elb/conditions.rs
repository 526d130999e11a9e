//! When a rule applies, and what it does to the request's host and path.

use crate::aws::api::items;
use crate::resources::document::{Document, One, Sole, Unordered, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::row::{read_object, unread};
use serde_json::{Value as Json, json};

/// The kinds of condition: the API's field, and the block.
const KINDS: [(&str, &str); 6] = [
    ("host-header", "host_header"),
    ("http-header", "http_header"),
    ("http-request-method", "http_request_method"),
    ("path-pattern", "path_pattern"),
    ("query-string", "query_string"),
    ("source-ip", "source_ip"),
];
/// How many values all conditions of a rule may have together.
const VALUES_AT_MOST: usize = 5;

document! {
    /// Hosts.
    Host {
        regex_values = "RegexValues.member": Texts;
        values = "Values.member": Texts;
    }
}
document! {
    /// Values of a header.
    Header {
        http_header_name = "HttpHeaderName": Text [.required()];
        regex_values = "RegexValues.member": Texts;
        values = "Values.member": Texts;
    }
}
document! {
    /// Methods.
    Method {
        values = "Values.member": Texts [.required()];
    }
}
document! {
    /// Paths.
    Path {
        regex_values = "RegexValues.member": Texts;
        values = "Values.member": Texts;
    }
}
document! {
    /// A part of the query.
    Query {
        key = "Key": Text;
        value = "Value": Text [.required()];
    }
}
document! {
    /// Where requests come from.
    Source {
        ip_address_type = "IpAddressType": Text [.stays()];
        values = "Values.member": Texts;
    }
}
document! {
    /// One condition. All parts of the query that fit are a set of blocks, which the API wraps into one object.
    pub Condition {
        host_header = "HostHeaderConfig": One<Host>;
        http_header = "HttpHeaderConfig": One<Header>;
        http_request_method = "HttpRequestMethodConfig": One<Method>;
        path_pattern = "PathPatternConfig": One<Path>;
        query_string = "QueryStringConfig.Values.member": Unordered<Query>;
        source_ip = "SourceIpConfig": One<Source>;
    }
}
document! {
    /// A pattern and what takes its place.
    Rewrite {
        regex = "Regex": Text [.required()];
        replace = "Replace": Text [.required()];
    }
}
document! {
    /// Another host, path or query.
    Rewrites {
        rewrite = "Rewrites.member": Sole<Rewrite>;
    }
}
document! {
    /// What a rule changes in a request.
    pub Transform {
        r#type = "Type": Text [.required().check(|v| checks::one_of(v, &["host-header-rewrite", "url-rewrite"]))];
        host_header_rewrite_config = "HostHeaderRewriteConfig": One<Rewrites>;
        url_rewrite_config = "UrlRewriteConfig": One<Rewrites>;
    }
}

/// The conditions of a rule as they are. The API also gives hosts and paths in their old place, `Values`.
pub fn read(rule: &Json) -> Value {
    const OLD: [(&str, &str); 2] = [("host-header", "HostHeaderConfig"), ("path-pattern", "PathPatternConfig")];
    let one = |c: Json| {
        let old = OLD.iter().find(|(field, _)| c["Field"] == *field);
        let old = old.map_or(Json::Null, |(_, config)| json!({*config: {"Values": c["Values"]}}));
        read_object(Condition::rows::<Json>(), &joined(c, old))
    };
    let all = items(rule, "Conditions.member").into_iter().map(one).collect();
    Value::set(object_type(&unread(Condition::rows::<Json>())), all)
}

/// The conditions of a rule as a call takes them.
pub fn write(want: &Attrs) -> Json {
    let one = |block: &Attrs| {
        let field = KINDS.iter().find(|(_, name)| !block.blocks(name).is_empty()).map(|(field, _)| *field);
        joined(Condition::create(block), json!({"Field": field}))
    };
    let all: Vec<Json> = want.blocks("condition").iter().map(one).collect();
    json!({"member": all})
}

/// Whether each condition says one thing, and not too much.
pub fn check(blocks: &[Attrs]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in blocks {
        let said: Vec<&str> = KINDS
            .iter()
            .map(|(_, name)| *name)
            .filter(|name| block.is_unknown(name) || !block.blocks(name).is_empty())
            .collect();
        if said.len() != 1 {
            let names = KINDS.map(|(_, name)| name).join(", ");
            wrong.push(format!("a condition needs exactly one of {names}; found {}", said.len()));
        }
        for name in said {
            for inner in block.blocks(name) {
                let here = inner.strings("values").len() + inner.strings("regex_values").len();
                count += if name == "query_string" { 1 } else { here };
                let given = |name: &str| inner.is_unknown(name) || !inner.elements(name).is_empty();
                if name != "query_string" && !given("values") && !given("regex_values") {
                    wrong.push(format!("the condition {name} has no values"));
                }
            }
        }
    }
    if count > VALUES_AT_MOST {
        wrong.push(format!("the conditions have {count} values; AWS takes {VALUES_AT_MOST} per rule"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(name: &str, values: &[&str]) -> Attrs {
        let inner = Value::object([("values", Value::string_set(values))]);
        Attrs::default().with(name, inner)
    }

    #[test]
    fn a_condition_says_one_thing_and_a_rule_not_too_much() {
        assert_eq!(check(&[condition("host_header", &["a"]), condition("path_pattern", &["/a", "/b"])]), [""; 0]);
        let both = condition("host_header", &["a"])
            .with("path_pattern", Value::object([("values", Value::string_set(["/"]))]));
        assert_eq!(
            check(&[both]),
            [
                "a condition needs exactly one of host_header, http_header, http_request_method, path_pattern, query_string, source_ip; found 2"
            ]
        );
        assert_eq!(
            check(&[condition("path_pattern", &["1", "2", "3", "4", "5", "6"])]),
            ["the conditions have 6 values; AWS takes 5 per rule"]
        );
        assert_eq!(check(&[condition("source_ip", &[])]), ["the condition source_ip has no values"]);
    }

    #[test]
    fn hosts_in_their_old_place_are_read_too() {
        let values = json!({"Values": {"member": "a.example"}});
        let rule = |condition| json!({"Conditions": {"member": joined(json!({"Field": "host-header"}), condition)}});
        let new = read(&rule(json!({ "HostHeaderConfig": values })));
        assert_eq!(read(&rule(values)), new);
        assert!(format!("{new:?}").contains("a.example"));
    }
}
