//! When a rule applies, and what it does to the request's host and path.

use crate::resources::block::SingleBlock;
use crate::resources::prelude::*;
use aws_sdk_elasticloadbalancingv2::types::{
    HostHeaderConditionConfig, HostHeaderRewriteConfig, HttpHeaderConditionConfig, HttpRequestMethodConditionConfig,
    PathPatternConditionConfig, QueryStringConditionConfig, QueryStringKeyValuePair, RewriteConfig, RuleCondition,
    RuleTransform, SourceIpConditionConfig, UrlRewriteConfig,
};

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

block! {
    /// Hosts.
    Host: HostHeaderConditionConfig => HostHeaderConditionConfig {
        regex_values: Texts;
        values: Texts;
    }
    /// Values of a header.
    Header: HttpHeaderConditionConfig => HttpHeaderConditionConfig {
        http_header_name: Text [.required()];
        regex_values: Texts;
        values: Texts;
    }
    /// Methods.
    Method: HttpRequestMethodConditionConfig => HttpRequestMethodConditionConfig {
        values: Texts [.required()];
    }
    /// Paths.
    Path: PathPatternConditionConfig => PathPatternConditionConfig {
        regex_values: Texts;
        values: Texts;
    }
    /// A part of the query.
    Query: QueryStringKeyValuePair => QueryStringKeyValuePair {
        key: Text;
        value: Text [.required()];
    }
    /// Where requests come from.
    Source: SourceIpConditionConfig => SourceIpConditionConfig {
        ip_address_type: EnumCell [.stays()];
        values: Texts;
    }
    /// One condition.
    Condition: RuleCondition => RuleCondition {
        host_header = host_header_config: OptionalBlock<Host>;
        http_header = http_header_config: OptionalBlock<Header>;
        http_request_method = http_request_method_config: OptionalBlock<Method>;
        path_pattern = path_pattern_config: OptionalBlock<Path>;
        query_string = query_string_config: Queries;
        source_ip = source_ip_config: OptionalBlock<Source>;
    }
    /// A pattern and what takes its place.
    Rewrite: RewriteConfig => RewriteConfig {
        regex: Text [.required()];
        replace: Text [.required()];
    }
    /// Another host.
    HostRewrite: HostHeaderRewriteConfig => HostHeaderRewriteConfig {
        rewrite = rewrites: SingleBlock<Rewrite>;
    }
    /// Another path or query.
    UrlRewrite: UrlRewriteConfig => UrlRewriteConfig {
        rewrite = rewrites: SingleBlock<Rewrite>;
    }
    /// What a rule changes in a request.
    Transform: RuleTransform => RuleTransform {
        r#type: EnumCell [.required().check(|v| checks::one_of(v, &["host-header-rewrite", "url-rewrite"]))];
        host_header_rewrite_config: OptionalBlock<HostRewrite>;
        url_rewrite_config: OptionalBlock<UrlRewrite>;
    }
}

/// All parts of the query that fit: a set of blocks that the API wraps into one object.
pub struct Queries;

impl Cell for Queries {
    fn column<L>(name: &'static str) -> A<L> {
        BlockSet::<Query>::column(name)
    }
}
impl Get<Option<&QueryStringConditionConfig>> for Queries {
    fn get(from: Option<&QueryStringConditionConfig>) -> Value {
        BlockSet::<Query>::get(from.map(QueryStringConditionConfig::values).unwrap_or_default())
    }
}
impl Put<Option<QueryStringConditionConfig>> for Queries {
    fn put(from: &Attrs, name: &str) -> Option<QueryStringConditionConfig> {
        let values = BlockSet::<Query>::put(from, name)?;
        Some(QueryStringConditionConfig::builder().set_values(Some(values)).build())
    }
}

/// Conditions as they are. The API also gives hosts and paths in their old place, `values`.
pub fn read(conditions: &[RuleCondition]) -> Value {
    let one = |c: &RuleCondition| {
        let mut c = c.clone();
        let old = c.values.take();
        match c.field() {
            Some("host-header") if c.host_header_config.is_none() => {
                c.host_header_config = Some(HostHeaderConditionConfig::builder().set_values(old).build());
            }
            Some("path-pattern") if c.path_pattern_config.is_none() => {
                c.path_pattern_config = Some(PathPatternConditionConfig::builder().set_values(old).build());
            }
            _ => {}
        }
        Condition::read(&c)
    };
    Value::set(object_type(&Condition::rows()), conditions.iter().map(one).collect())
}

/// The conditions of a rule.
pub fn write(want: &Attrs) -> Vec<RuleCondition> {
    let one = |block: &Attrs| {
        let mut condition = Condition::write(block);
        let field = KINDS.iter().find(|(_, name)| !block.blocks(name).is_empty());
        condition.field = field.map(|(field, _)| (*field).to_owned());
        condition
    };
    want.blocks("condition").iter().map(one).collect()
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
        let old = RuleCondition::builder().field("host-header").values("a.example").build();
        let inner = HostHeaderConditionConfig::builder().values("a.example").build();
        let new = RuleCondition::builder().field("host-header").host_header_config(inner).build();
        assert_eq!(read(&[old]), read(&[new]));
    }
}
