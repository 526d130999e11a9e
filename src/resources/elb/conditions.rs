//! When a rule applies, and what it does to the request's host and path.

use crate::resources::block::{Block, BlockSet, EnumCell, Text, Texts, block};
use crate::resources::spec;
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs, Nesting, checks};
use crate::value::Value;
use aws_sdk_elasticloadbalancingv2::types::{
    HostHeaderConditionConfig, HostHeaderRewriteConfig, HttpHeaderConditionConfig, HttpRequestMethodConditionConfig,
    PathPatternConditionConfig, QueryStringConditionConfig, QueryStringKeyValuePair, RewriteConfig, RuleCondition,
    RuleTransform, SourceIpConditionConfig, UrlRewriteConfig,
};

type Row = spec::A<()>;

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
    /// All parts of the query that fit.
    Queries: QueryStringConditionConfig => QueryStringConditionConfig {
        query_string = values: BlockSet<Query>;
    }
    /// Where requests come from.
    Source: SourceIpConditionConfig => SourceIpConditionConfig {
        ip_address_type: EnumCell [.stays()];
        values: Texts;
    }
    /// A pattern and what takes its place.
    Rewrite: RewriteConfig => RewriteConfig {
        regex: Text [.required()];
        replace: Text [.required()];
    }
}

/// The rows of a condition.
pub fn rows() -> Vec<Attribute> {
    let single = |name, rows| Row::optional_block(name, rows);
    spec::rows([
        single("host_header", Host::rows()),
        single("http_header", Header::rows()),
        single("http_request_method", Method::rows()),
        single("path_pattern", Path::rows()),
        Row::block("query_string", Nesting::Set, Query::rows()),
        single("source_ip", Source::rows()),
    ])
}

/// Conditions as they are. The API also gives hosts and paths in their old place, `values`.
pub fn read(conditions: &[RuleCondition]) -> Value {
    let rows = rows();
    let one = |c: &RuleCondition| {
        let old = || Some(c.values().to_vec()).filter(|v| !v.is_empty());
        let held =
            match c.field().unwrap_or_default() {
                "host-header" => c.host_header_config().map(Host::read).or_else(|| {
                    Some(Host::read(&HostHeaderConditionConfig::builder().set_values(Some(old()?)).build()))
                }),
                "path-pattern" => c.path_pattern_config().map(Path::read).or_else(|| {
                    Some(Path::read(&PathPatternConditionConfig::builder().set_values(Some(old()?)).build()))
                }),
                "http-header" => c.http_header_config().map(Header::read),
                "http-request-method" => c.http_request_method_config().map(Method::read),
                "query-string" => {
                    c.query_string_config().map(Queries::read).and_then(|all| all.get("query_string").cloned())
                }
                "source-ip" => c.source_ip_config().map(Source::read),
                _ => None,
            };
        let own = KINDS.iter().find(|(field, _)| Some(*field) == c.field()).map(|(_, name)| *name);
        Value::object(rows.iter().map(|row| {
            let value = held.clone().filter(|_| own == Some(row.name));
            (row.name, value.unwrap_or_else(|| Value::null(row.ty.clone())))
        }))
    };
    Value::set(object_type(&rows), conditions.iter().map(one).collect())
}

/// The conditions of a rule.
pub fn write(want: &Attrs) -> Vec<RuleCondition> {
    let mut all = Vec::new();
    for block in want.blocks("condition") {
        let one = |name: &str| block.blocks(name).into_iter().next();
        let field = |name: &str| RuleCondition::builder().field(name);
        all.extend(one("host_header").map(|b| field("host-header").host_header_config(Host::write(&b)).build()));
        all.extend(one("http_header").map(|b| field("http-header").http_header_config(Header::write(&b)).build()));
        all.extend(
            one("http_request_method")
                .map(|b| field("http-request-method").http_request_method_config(Method::write(&b)).build()),
        );
        all.extend(one("path_pattern").map(|b| field("path-pattern").path_pattern_config(Path::write(&b)).build()));
        all.extend(
            one("query_string").map(|_| field("query-string").query_string_config(Queries::write(&block)).build()),
        );
        all.extend(one("source_ip").map(|b| field("source-ip").source_ip_config(Source::write(&b)).build()));
    }
    all
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

const HOST_REWRITE: &str = "host-header-rewrite";
const URL_REWRITE: &str = "url-rewrite";

fn rewrite_rows() -> Vec<Attribute> {
    spec::rows([Row::optional_block("rewrite", Rewrite::rows())])
}

/// The rows of a transform.
pub fn transform_rows() -> Vec<Attribute> {
    spec::rows([
        Row::string("type").required().check(|v| checks::one_of(v, &[HOST_REWRITE, URL_REWRITE])),
        Row::optional_block("host_header_rewrite_config", rewrite_rows()),
        Row::optional_block("url_rewrite_config", rewrite_rows()),
    ])
}

/// Transforms as they are.
pub fn read_transforms(all: &[RuleTransform]) -> Value {
    let config = |rewrites: Option<&[RewriteConfig]>| match rewrites.and_then(|all| all.first()) {
        Some(first) => Value::object([("rewrite", Rewrite::read(first))]),
        None => Value::null(object_type(&rewrite_rows())),
    };
    let one = |t: &RuleTransform| {
        Value::object([
            ("type", Value::from(t.r#type().map(|kind| kind.as_str()))),
            ("host_header_rewrite_config", config(t.host_header_rewrite_config().map(|c| c.rewrites()))),
            ("url_rewrite_config", config(t.url_rewrite_config().map(|c| c.rewrites()))),
        ])
    };
    Value::set(object_type(&transform_rows()), all.iter().map(one).collect())
}

/// The transforms of a rule.
pub fn write_transforms(want: &Attrs) -> Vec<RuleTransform> {
    let rewrite = |block: &Attrs, name: &str| {
        block.blocks(name).first().and_then(|config| config.blocks("rewrite").first().map(Rewrite::write))
    };
    let one = |block: &Attrs| {
        let host = rewrite(block, "host_header_rewrite_config");
        let url = rewrite(block, "url_rewrite_config");
        RuleTransform::builder()
            .set_type(block.str("type").map(Into::into))
            .set_host_header_rewrite_config(host.map(|r| HostHeaderRewriteConfig::builder().rewrites(r).build()))
            .set_url_rewrite_config(url.map(|r| UrlRewriteConfig::builder().rewrites(r).build()))
            .build()
    };
    want.blocks("transform").iter().map(one).collect()
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
