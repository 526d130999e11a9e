//! aws_wafv2_regex_pattern_set: regular expressions that rules refer to.

use super::object::{self, Object};
use super::{checks, wire};
use crate::aws::{Aws, Result};
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::schema::{Attribute, Attrs, Change, Nesting};
use std::sync::LazyLock;

type A = spec::A<Object>;
type Row = spec::A<()>;

/// The resource type `aws_wafv2_regex_pattern_set`.
pub struct AwsWafv2RegexPatternSet;

/// The list that Create and Update want even when it is empty.
const LIST: &str = "RegularExpressionList";

/// The members that can change.
static MEMBERS: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let pattern = rows([Row::string("regex_string").required().check(checks::regex)]);
    rows([Row::block("regular_expression", Nesting::Set, pattern).count(0, Some(10))])
});

impl Resource for AwsWafv2RegexPatternSet {
    type Live = Object;

    fn spec() -> Spec<Object> {
        let row = object::row(&MEMBERS, "regular_expression");
        let rows = vec![A { row, read: Some(|o| o.read(&MEMBERS, "regular_expression")) }];
        object::spec("aws_wafv2_regex_pattern_set", rows)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Object>> {
        object::describe::<object::RegexPatternSet>(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let mut members = wire::to_json(&MEMBERS, &want.to_value());
        if members.get(LIST).is_none() {
            members[LIST] = serde_json::json!([]);
        }
        object::create::<object::RegexPatternSet>(aws, want, token, members).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let edits = object::edits(&MEMBERS, change);
        object::update::<object::RegexPatternSet>(aws, id, change, edits, Some(LIST)).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        object::delete::<object::RegexPatternSet>(aws, id, last).await
    }
}
