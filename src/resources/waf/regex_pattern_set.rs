//! aws_wafv2_regex_pattern_set: regular expressions that rules refer to.

use super::checks;
use super::object::{Kind, RegexPatternSet};
use crate::resources::prelude::*;
use std::sync::LazyLock;

static MEMBERS: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let pattern = rows([Row::string("regex_string").required().check(checks::regex)]);
    rows([Row::block("regular_expression", Nesting::Set, pattern).count(0, Some(10))])
});

impl Kind for RegexPatternSet {
    const TYPE: &'static str = "aws_wafv2_regex_pattern_set";
    const ALWAYS: Option<&'static str> = Some("RegularExpressionList");

    fn members() -> &'static [Attribute] {
        &MEMBERS
    }
}
